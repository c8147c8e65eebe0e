import RealModule
import Runs
import ScalingLaws

/// One of the two rates at the optimum varies less over cells, beyond chance.
struct SteadierRateRule: StudyRule {
  /// How sure it must be that it is not chance, on either side.
  private static let sure = 0.975

  func findings(in diagnosis: StudyDiagnosis) -> [Finding] {
    guard let steady = diagnosis.steadiness,
      abs(steady.logRatio) > studentQuantile(Self.sure, degrees: steady.cells - 1)
        * steady.logRatioError
    else { return [] }
    let isEffective = steady.logRatio < 0
    func words(_ spread: Double) -> String { "\(spread.rounded(significant: 2))" }
    return [
      Finding(
        .steadierRate, .note,
        seen:
          "over \(steady.cells) cells the best rate spreads by 2^\(words(steady.rateSpread)), the effective "
          + "rate there by 2^\(words(steady.effectiveSpread)), which is 2^\(words(steady.adjustedSpread)) in units "
          + "of the rate (elasticity \(words(steady.elasticity)))",
        meaning: isEffective
          ? "the effective rate is the steadier one here, as arXiv 2606.29158 has it: a law of it should "
            + "reach further"
          : "the plain rate is the steadier one here, against what arXiv 2606.29158 has: nothing is won "
            + "by a law of the effective rate",
        source: "arXiv 2606.29158",
        evidence: [
          .init("cells", Double(steady.cells)), .init("rate_log2_spread", steady.rateSpread),
          .init("effective_log2_spread", steady.effectiveSpread),
          .init("elasticity", steady.elasticity), .init("log_ratio", steady.logRatio),
          .init("log_ratio_error", steady.logRatioError),
        ])
    ]
  }
}
