import Foundation
import Runs

/// Numbers as people read them, with two or three significant digits.
enum Wording {
  /// A number without an exponent and without trailing zeros, with a true minus sign.
  static func decimal(_ value: Double, digits: Int = 2) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    let rounded = value.rounded(significant: digits)
    let magnitude = Int(log10(abs(rounded)).rounded(.down))
    let places = max(0, digits - 1 - magnitude)
    var text = String(format: "%.\(places)f", abs(rounded))
    if text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return (rounded < 0 ? "\u{2212}" : "") + text
  }

  /// An exponent, with two or three decimals.
  static func exponent(_ value: Double, places: Int = 2) -> String {
    let text = String(format: "%.\(places)f", abs(value))
    return (value < 0 && text.contains { "123456789".contains($0) } ? "\u{2212}" : "") + text
  }

  /// A number with its standard error, both to the error's second digit.
  static func measured(_ value: Double, _ error: Double?) -> String {
    guard let error, error > 0, error.isFinite else { return decimal(value, digits: 4) }
    let places = min(max(1 - Int(log10(error).rounded(.down)), 0), 9)
    return String(format: "%.\(places)f\u{A0}±\u{A0}%.\(places)f", value, error)
  }

  /// A percentage of loss; what is too small to matter is said to be small.
  static func percent(_ value: Double) -> String {
    if value <= 0 { return "0\u{A0}%" }
    return value < 0.01 ? "less than 0.01\u{A0}%" : "\(decimal(value))\u{A0}%"
  }

  /// A share as a whole percentage, such as `90 %`.
  static func share(_ value: Double) -> String {
    "\(decimal(100 * value, digits: 3))\u{A0}%"
  }

  /// A whole number with a separator between thousands.
  static func count(_ value: Int) -> String {
    var text = ""
    for (place, digit) in String(value).reversed().enumerated() {
      if place > 0, place.isMultiple(of: 3), digit != "-" { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }

  /// A count and its noun, such as `1 cell` or `17 cells`.
  static func count(_ value: Int, _ singular: String, _ plural: String? = nil) -> String {
    "\(count(value))\u{A0}\(value == 1 ? singular : plural ?? singular + "s")"
  }

  /// `a`, `a and b`, or `a, b and c`.
  static func list(_ parts: [String]) -> String {
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }

  /// The text with a capital and a full stop.
  static func sentence(_ text: String) -> String {
    let start = capitalized(text)
    return start.hasSuffix(".") ? start : start + "."
  }

  /// The text with a capital.
  static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  /// A number of floating-point operations, such as `1.3e15 FLOPs`.
  static func flops(_ value: Double) -> String {
    "\(Quantity.operations(value))\u{A0}FLOPs"
  }

  /// Two ends of an interval of learning rates.
  static func rates(_ lower: Double, _ upper: Double) -> String {
    "\(Quantity.learningRate(lower)) to \(Quantity.learningRate(upper))"
  }
}

extension Wording {
  /// A learning rate on an axis, such as `1e-3` or `1.5e-3`.
  static func tick(_ value: Double) -> String {
    let text = Quantity.learningRate(value)
    return text.replacing(".0e", with: "e")
  }
}
