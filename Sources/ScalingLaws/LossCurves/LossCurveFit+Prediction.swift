import Runs

extension LossCurveFit {
  /// The loss at the end of `path`, with the interval of what one run would measure there.
  ///
  /// The interval holds the law's draws and the scatter of a measured loss. That the law itself may be
  /// wrong is not in it; the errors on curves that were left out show that.
  package func estimate(ofFinalLossOf path: LearningRatePath) -> Estimate {
    let value = law.finalLoss(of: path)
    let sample = draws.enumerated().map { index, draw in
      var random = KeyedRandom(seed: 0, RandomPurpose.lossCurveScatter, UInt64(index))
      return draw.finalLoss(of: path) + value * noise * random.normal()
    }
    return Estimate(value: value, sample: sample, confidence: confidence).holdingValue
  }
}
