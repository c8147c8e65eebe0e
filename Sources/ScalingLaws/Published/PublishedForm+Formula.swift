import RealModule
import Runs

extension PublishedForm {
  /// The form in letters, such as `1.79 N^-0.713 D^0.307`.
  package var formula: String {
    switch self {
    case .power(let power): power.formula
    case .logarithmic(let line):
      "\(line.intercept) \(line.slope < 0 ? "-" : "+") \(abs(line.slope)) ln \(line.quantity.symbol)"
    }
  }
}

extension PublishedPower {
  fileprivate var formula: String {
    let start = coefficient.map { [Self.number($0)] } ?? (valueAtAnchor == nil ? ["anchor's"] : [])
    let anchored = valueAtAnchor.map { ["anchor's (else \(Quantity.format($0)))"] } ?? []
    let parts = factors.map { factor in
      let letter = factor.quantity.symbol
      let base =
        factor.unit == 1 || coefficient == nil
        ? (letter.count > 1 ? "(\(letter))" : letter) : "(\(letter) / \(Self.number(factor.unit)))"
      return "\(base)^\(Self.number(factor.exponent))"
    }
    let rounding = roundsToPowerOfTwo ? ["to the nearest power of two"] : []
    let cap = greatest.map { ["at most \($0)"] } ?? []
    let product = (start + anchored + parts).joined(separator: " ")
    return ([coefficient == nil ? "\(product), as a ratio" : product] + rounding + cap)
      .joined(separator: ", ")
  }

  private static func number(_ value: Double) -> String {
    let rounded = value.rounded(significant: 5)
    if abs(rounded) >= 1e4 { return Quantity.format(rounded) }
    return Int(exactly: rounded).map { "\($0)" } ?? "\(rounded)"
  }
}
