/// How a law is to be fitted, apart from the runs.
package struct FitOptions: Sendable {
  package var draws = 1000
  package var confidence = 0.9
  package var seed: UInt64 = 0
  /// Which rate of the runs is fitted.
  package var rate = RateKind.peak

  package init() {}

  /// Fewer draws than this make no interval.
  package static let leastDraws = 100
  package static let greatestConfidence = 0.99

  /// How many draws an interval of `confidence` needs, so that a few lie beyond each end.
  package static func drawsNeeded(for confidence: Double) -> Int {
    max(leastDraws, Int((10 / (1 - confidence)).rounded()))
  }
}
