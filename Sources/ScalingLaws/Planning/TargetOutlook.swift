import RealModule

/// What is known of the best learning rate at a target, or is expected to be after some runs.
package struct TargetOutlook: Sendable {
  package let target: RunScale
  /// The log of the best rate, and its variance.
  let logOptimum: Double
  let variance: Double
  let basin: BasinModel

  /// The median of the optimum, with the interval that holds it.
  package func optimum(confidence: Double) -> Estimate {
    let reach = normalQuantile((1 + confidence) / 2) * variance.squareRoot()
    return Estimate(
      value: .exp(logOptimum), lower: .exp(logOptimum - reach), upper: .exp(logOptimum + reach),
      confidence: confidence)
  }

  /// The rate that minimises expected loss, and what it is expected to cost.
  package func prediction(confidence: Double) -> RatePrediction {
    let deviation = variance.squareRoot()
    return RatePrediction(
      optimum: optimum(confidence: confidence),
      sample: Self.deviates.map { logOptimum + deviation * $0 }, basin: basin)
  }

  /// The percentage of loss that not knowing the optimum is expected to cost at the rate to use.
  package var penaltyPercent: Double {
    prediction(confidence: FitOptions().confidence).expectedPenaltyPercent
  }

  /// Even quantiles of a normal distribution, which stand for draws.
  private static let deviates: [Double] = (0..<200).map {
    normalQuantile((Double($0) + 0.5) / 200)
  }
}
