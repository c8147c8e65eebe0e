import RealModule

extension ScaleLaw {
  /// The quantity at `scale`, with the interval for what a sweep there would find.
  ///
  /// - Parameters:
  ///   - scale: With a batch size where the law has a term for it.
  ///   - measurementError: The standard error with which the sweep would find it, in nats.
  ///   - confidence: The share of draws inside the interval.
  /// - Returns: The quantity itself, not its log.
  /// - Returns: In the law's own unit, not in logs.
  package func estimate(
    at scale: RunScale, measurementError: Double, confidence: Double
  ) -> Estimate {
    let logs = Estimate(
      value: logValue(at: scale),
      sample: sample(at: scale, measurementError: measurementError), confidence: confidence)
    return Estimate(
      value: .exp(logs.value), lower: .exp(logs.lower), upper: .exp(logs.upper),
      confidence: confidence)
  }
}
