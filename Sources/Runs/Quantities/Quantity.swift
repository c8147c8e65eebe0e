import Foundation

/// Numbers as people write them: `7e9`, `7B`, `1T`, `4M`, `200k`.
package enum Quantity {
  /// The suffixes from the largest down, with the power of ten each stands for.
  private static let suffixes: [(letter: Character, exponent: Int)] = [
    ("T", 12), ("B", 9), ("M", 6), ("k", 3), ("K", 3),
  ]

  /// The finite number that `text` stands for, if it is one.
  ///
  /// A plain or scientific decimal, or a plain decimal and one of the suffixes k, K, M, B, T. The
  /// suffix joins the text as an exponent, so that `4.1M` is 4,100,000 and no rounding away.
  package static func parse(_ text: some StringProtocol) -> Double? {
    guard let last = text.last else { return nil }
    var decimal = String(text)
    if let suffix = suffixes.first(where: { $0.letter == last }) {
      decimal = "\(text.dropLast())e\(suffix.exponent)"
    }
    guard decimal.allSatisfy({ "0123456789.eE+-".contains($0) }),
      let value = Double(decimal), value.isFinite
    else { return nil }
    return value
  }

  /// The shortest text of `value` at three significant digits, which `parse` reads back.
  package static func format(_ value: Double) -> String {
    let rounded = Double(digits(value)) ?? value
    guard (1e3..<1e15).contains(abs(rounded)),
      let suffix = suffixes.first(where: { abs(rounded) >= pow(10, Double($0.exponent)) })
    else { return digits(rounded) }
    return digits(rounded / pow(10, Double(suffix.exponent))) + String(suffix.letter)
  }

  /// C's `%g`, whose exponent comes padded and signed: `1e+16` and `5e-07` become `1e16`, `5e-7`.
  private static func digits(_ value: Double) -> String {
    String(format: "%.3g", value)
      .replacingOccurrences(of: "e+", with: "e")
      .replacingOccurrences(of: "e-0", with: "e-")
  }
}
