import RealModule

extension RatePrediction {
  /// Penalties are told apart up to here: no fit looks at losses further above their least.
  package static let mostPenaltyPercent = 100 * Double.expMinusOne(SliceEvidence.widestExcess)

  /// Whether a penalty is as large as they are told apart, but for rounding.
  package static func isBound(_ penaltyPercent: Double) -> Bool {
    penaltyPercent >= mostPenaltyPercent * (1 - 1e-6)
  }

  /// The percentage of loss given away at `learningRate`, as not knowing the optimum makes it.
  ///
  /// The value is the expected one, as in `expectedPenaltyPercent`; the interval holds the penalty
  /// with the confidence of the optimum. The basin is taken as known.
  package func penaltyPercent(at learningRate: Double, basin: BasinModel) -> Estimate {
    let rate = Double.log(learningRate)
    let excesses = sample.map { min(basin.excess(rate - $0), SliceEvidence.widestExcess) }
    let spread = Estimate(
      value: excesses.reduce(0, +) / Double(excesses.count), sample: excesses,
      confidence: optimum.confidence)
    return Estimate(
      value: 100 * .expMinusOne(spread.value), lower: 100 * .expMinusOne(spread.lower),
      upper: 100 * .expMinusOne(spread.upper), confidence: optimum.confidence)
  }
}
