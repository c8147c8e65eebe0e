import RealModule

/// How a published law gives its value from quantities.
package enum PublishedForm: Hashable, Sendable {
  case power(PublishedPower)
  case logarithmic(PublishedLogarithm)

  /// What the value depends on.
  package var quantities: [PublishedQuantity] {
    switch self {
    case .power(let power): power.factors.map(\.quantity)
    case .logarithmic(let logarithm): [logarithm.quantity]
    }
  }

  /// Whether the source gives how the value changes, and not the value itself.
  package var isRatio: Bool {
    switch self {
    case .power(let power): power.coefficient == nil
    case .logarithmic: false
    }
  }

  /// The value at quantities; for a ratio, up to a constant.
  ///
  /// - Precondition: `values` has all `quantities`.
  /// - Returns: What the formula gives, which for a logarithmic one need not be positive.
  package func value(at values: [PublishedQuantity: Double]) -> Double {
    finished(unfinishedValue(at: values))
  }

  /// The value before it is rounded or capped, as ratios need it.
  func unfinishedValue(at values: [PublishedQuantity: Double]) -> Double {
    switch self {
    case .power(let power): power.product(at: values)
    case .logarithmic(let logarithm): logarithm.value(at: values)
    }
  }

  /// What the source does to a value before it is used.
  func finished(_ value: Double) -> Double {
    guard case .power(let power) = self else { return value }
    let rounded = power.roundsToPowerOfTwo ? .exp2(.log2(value).rounded()) : value
    return min(rounded, power.greatest ?? rounded)
  }
}

/// A product of powers: a coefficient times (quantity / unit)^exponent for each factor.
package struct PublishedPower: Hashable, Sendable {
  package struct Factor: Hashable, Sendable {
    package var quantity: PublishedQuantity
    package var exponent: Double
    /// What the quantity is divided by.
    package var unit: Double
    /// Ends of the exponent, where the source gives them.
    package var exponents: ClosedRange<Double>?

    package init(
      _ quantity: PublishedQuantity, _ exponent: Double, unit: Double = 1,
      exponents: ClosedRange<Double>? = nil
    ) {
      self.quantity = quantity
      self.exponent = exponent
      self.unit = unit
      self.exponents = exponents
    }
  }

  /// The value where every factor is 1; `nil` where only ratios are known.
  package var coefficient: Double?
  package var factors: [Factor]
  /// The source caps the value here.
  package var greatest: Double?
  /// Whether the source rounds the value to the nearest power of two.
  package var roundsToPowerOfTwo = false
  /// For a ratio: the value at an anchor that does not give its own.
  package var valueAtAnchor: Double?

  package init(_ coefficient: Double?, _ factors: [Factor]) {
    self.coefficient = coefficient
    self.factors = factors
  }

  /// The product; without a value for each factor it is no number.
  func product(
    at values: [PublishedQuantity: Double], exponent: (Factor) -> Double = \.exponent
  ) -> Double {
    let log = factors.reduce(0.0) { sum, factor in
      sum + exponent(factor) * .log((values[factor.quantity] ?? .nan) / factor.unit)
    }
    return (coefficient ?? 1) * .exp(log)
  }

  /// The product between the ends of the exponents, where the source gives them.
  func ends(at values: [PublishedQuantity: Double]) -> ClosedRange<Double>? {
    guard factors.contains(where: { $0.exponents != nil }) else { return nil }
    let least = product(at: values) { $0.exponents?.lowerBound ?? $0.exponent }
    let most = product(at: values) { $0.exponents?.upperBound ?? $0.exponent }
    guard !least.isNaN, !most.isNaN else { return nil }
    return min(least, most)...max(least, most)
  }
}

/// A straight line in the natural log of one quantity, which turns negative far out.
package struct PublishedLogarithm: Hashable, Sendable {
  package var intercept: Double
  package var slope: Double
  package var quantity: PublishedQuantity

  package func value(at values: [PublishedQuantity: Double]) -> Double {
    values[quantity].map { intercept + slope * .log($0) } ?? .nan
  }

  /// Where the line meets zero.
  package var zero: Double { .exp(-intercept / slope) }
}
