import Foundation

extension Quantity {
  /// The text of a learning rate, such as `3.1e-4`.
  ///
  /// - Parameters:
  ///   - value: A positive number; any other is written plainly.
  ///   - digits: How many significant digits, zeros included.
  /// - Returns: The number with an exponent, as configurations write it.
  package static func learningRate(_ value: Double, digits: Int = 2) -> String {
    guard value > 0, value.isFinite else { return "\(value)" }
    let parts = String(format: "%.\(digits - 1)e", value).split(separator: "e")
    let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    return "\(parts.first ?? "")e\(exponent)"
  }
}
