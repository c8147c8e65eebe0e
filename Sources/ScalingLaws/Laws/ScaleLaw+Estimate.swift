import RealModule

extension ScaleLaw {
  /// The quantity at `scale`, with its interval.
  ///
  /// - Parameters:
  ///   - scale: With a batch size where the law has a term for it.
  ///   - measured: Whether the interval is for what a sweep there would find, and not for the
  ///     quantity itself.
  ///   - confidence: The share of draws inside the interval.
  /// - Returns: In the law's own unit, not in logs.
  package func estimate(
    at scale: RunScale, measured: Bool, confidence: Double
  ) -> Estimate {
    let logs = Estimate(
      value: logValue(at: scale),
      sample: sample(at: scale, measured: measured), confidence: confidence)
    return Estimate(
      value: .exp(logs.value), lower: .exp(logs.lower), upper: .exp(logs.upper),
      confidence: confidence)
  }
}
