/// A law's quantities at one target, with what they lack.
struct PublishedInputs {
  private(set) var values: [PublishedQuantity: Double] = [:]
  private(set) var caveats: [String] = []
  private(set) var missing: [String] = []
  private(set) var batchTokens: Double?
  private let law: PublishedLaw

  /// - Parameters:
  ///   - law: The law that says what each quantity means.
  ///   - target: Where it is asked.
  init(_ law: PublishedLaw, _ target: PublishedTarget) {
    self.law = law
    let wanted = Set(law.forms.flatMap(\.form.quantities) + law.ranges.map(\.quantity))
    let needed = Set(law.forms.flatMap(\.form.quantities))
    for quantity in PublishedQuantity.allCases where wanted.contains(quantity) {
      guard let count = target.value(of: quantity, for: law) else {
        // A batch that the law gives itself is no gap.
        let givesBatch = quantity == .batchTokens && law.choosesBatch
        if needed.contains(quantity), !givesBatch { missing.append(quantity.option) }
        continue
      }
      values[quantity] = count.value
      if needed.contains(quantity), let caveat = count.caveat, !caveats.contains(caveat) {
        caveats.append(caveat)
      }
    }
    if let form = law.batchTokens, !form.isRatio { batchTokens = value(of: form) }
    if values[.batchTokens] == nil, let batchTokens { values[.batchTokens] = batchTokens }
  }

  func value(of quantity: PublishedQuantity) -> Double? { values[quantity] }

  /// The value of a form, or of a ratio up to a constant; `nil` where a quantity is missing.
  func value(of form: PublishedForm) -> Double? {
    let value = form.value(at: values)
    return value.isNaN ? nil : value
  }

  var timescale: Estimate? {
    guard let form = law.timescale, let value = value(of: form) else { return nil }
    guard case .power(let power) = form, let ends = power.ends(at: values) else { return nil }
    return Estimate(
      value: value, lower: ends.lowerBound, upper: ends.upperBound, confidence: Self.percentiles)
  }

  /// The share between the percentiles that exponents are quoted with.
  private static let percentiles = 0.8

  /// These with another batch size.
  func with(batchTokens: Double?) -> PublishedInputs {
    var inputs = self
    if let batchTokens { inputs.values[.batchTokens] = batchTokens }
    return inputs
  }
}
