/// A value and the interval that holds it with probability `confidence`.
package struct Estimate: Hashable, Codable, Sendable {
  package var value: Double
  package var lower: Double
  package var upper: Double
  package var confidence: Double

  package init(value: Double, lower: Double, upper: Double, confidence: Double) {
    self.value = value
    self.lower = lower
    self.upper = upper
    self.confidence = confidence
  }

  /// Whether the interval lies all on one side of 0.
  package var excludesZero: Bool { lower * upper > 0 }

  /// The value with the equal-tailed interval of `sample`.
  ///
  /// - Precondition: `sample` is not empty.
  init(value: Double, sample: [Double], confidence: Double) {
    let sorted = sample.sorted()
    self.init(
      value: value, lower: sorted.quantile((1 - confidence) / 2),
      upper: sorted.quantile((1 + confidence) / 2), confidence: confidence)
  }
}

extension [Double] {
  /// The quantile of ascending values, by linear interpolation between order statistics.
  ///
  /// - Precondition: the array is sorted and not empty.
  func quantile(_ probability: Double) -> Double {
    let position = probability * Double(count - 1)
    let low = Int(position.rounded(.down))
    let high = Swift.min(low + 1, count - 1)
    return self[low] + (position - Double(low)) * (self[high] - self[low])
  }

  /// The middle value, or the mean of the two; `nil` of none.
  package var median: Double? {
    isEmpty ? nil : sorted().quantile(0.5)
  }
}
