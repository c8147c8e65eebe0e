import Foundation

extension Double {
  /// The number to some decimal places.
  package func rounded(places: Int) -> Double {
    let power = pow(10, Double(places))
    // Adding zero turns a negative zero into a plain one.
    return (self * power).rounded() / power + 0
  }

  /// The number to some significant digits.
  package func rounded(significant digits: Int) -> Double {
    guard self != 0, isFinite else { return self }
    return Double(String(format: "%.\(digits - 1)e", self)) ?? self
  }
}
