import Runs

extension LossCurveFit {
  /// How far beyond the longest fitted curve a prediction may reach without a warning.
  private static let fartherLength = 1.05
  /// How far below the least fitted rate.
  private static let lowerRate = 0.9
  private static let peakTolerance = 0.01
  /// Warm-ups of published runs last 1 to 2 % of them; one that takes more of a log is worth a look.
  private static let longWarmup = 0.2

  /// The least rate that a fitted curve ends at, over the peak.
  package var leastRateShare: Double {
    let shares = curves.map { $0.curve.finalRate / $0.curve.peakRate }
    return shares.min() ?? 1
  }

  package var longestSteps: Int { curves.map(\.curve.lastStep).max() ?? 0 }

  /// What makes the law less sure than it looks.
  package var warnings: [FitWarning] {
    let decaying = curves.filter(\.curve.decays)
    var warnings: [FitWarning] = []
    if decaying.count == 1 {
      warnings.append(
        FitWarning(
          .fewSchedules,
          "only \(decaying[0].curve.name) decays, and one shape of decay does not tell the law's "
            + "constants of decay apart; add a curve that decays in another way, such as a two-stage one"
        ))
    }
    if curves.count == 1 {
      warnings.append(
        FitWarning(
          .noHoldOut,
          "one curve was fitted and none left out: nothing shows how well the law predicts; give another "
            + "curve of the same model"))
    }
    for paced in curves where paced.curve.risesAgain {
      warnings.append(
        FitWarning(
          .risingRate,
          "the rate of \(paced.curve.name) rises again after its warm-up; the law was shown on schedules "
            + "that do not, so see the curve's own error"))
    }
    for paced in curves
    where Double(warmupSteps) > Self.longWarmup * Double(paced.curve.lastStep) {
      warnings.append(
        FitWarning(
          .longWarmup,
          "the warm-up is taken to be \(warmupSteps) of the \(paced.curve.lastStep) steps of "
            + "\(paced.curve.name); if the log only begins late, give --warmup-steps"))
    }
    return warnings
  }

  /// What makes a prediction of `curve` less sure than it looks.
  package func warnings(for curve: LossCurve) -> [FitWarning] {
    var warnings = warnings(
      forSteps: curve.lastStep, leastRate: curve.finalRate, of: curve.name)
    let peak = curves.map(\.curve.peakRate).max() ?? 0
    if abs(curve.peakRate / peak - 1) > Self.peakTolerance {
      warnings.append(
        FitWarning(
          .peakRateDiffers,
          "\(curve.name) peaks at \(Quantity.learningRate(curve.peakRate, digits: 3)) and the fitted "
            + "curves at \(Quantity.learningRate(peak, digits: 3)): the law does not carry over peak "
            + "rates, so its prediction is a guess"))
    }
    return warnings
  }

  func warnings(forSteps steps: Int, leastRate: Double, of name: String) -> [FitWarning] {
    var warnings: [FitWarning] = []
    if Double(steps) > Self.fartherLength * Double(longestSteps) {
      let ratio = (Double(steps) / Double(longestSteps)).rounded(places: 2)
      warnings.append(
        FitWarning(
          .longerThanFitted,
          "\(name) is \(Quantity.format(ratio)) times as long as the longest fitted curve (\(longestSteps) "
            + "steps); errors grow with length, those of long cosines most"))
    }
    let peak = curves.map(\.curve.peakRate).max() ?? 0
    if leastRate < Self.lowerRate * leastRateShare * peak {
      warnings.append(
        FitWarning(
          .lowerRateThanFitted,
          "\(name) ends at a rate of \(Quantity.learningRate(leastRate, digits: 3)), below what any fitted "
            + "curve ends at (\(Quantity.learningRate(leastRateShare * peak, digits: 3)))"))
    }
    return warnings
  }
}
