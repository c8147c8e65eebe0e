extension Estimate {
  /// The interval widened to hold the value, which one of skewed draws may miss.
  package var holdingValue: Estimate {
    Estimate(
      value: value, lower: min(lower, value), upper: max(upper, value), confidence: confidence)
  }

  var isFinite: Bool { value.isFinite && lower.isFinite && upper.isFinite }
}
