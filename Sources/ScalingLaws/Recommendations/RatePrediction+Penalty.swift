import RealModule

extension RatePrediction {
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
