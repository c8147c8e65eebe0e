import RealModule
import Runs

/// The logits of the output drift away.
struct OutputLogitRule: RunRule {
  /// In logs of the vocabulary: a sure prediction needs logits of about one; what is wider is drift
  /// that the softmax does not see.
  static let high = 2.0
  static let veryHigh = 4.0
  /// Growth over the second half that matters.
  static let leastGrowth = 0.1

  func findings(in diagnosis: RunDiagnosis) -> [Finding] {
    let run = diagnosis.run
    let values = run.looks.compactMap { look in
      look.telemetry.outputLogitRMS.map { (step: look.step, value: $0) }
    }
    guard let vocabulary = run.vocabulary, vocabulary > 1, let last = values.last,
      let trend = Trend.late(values, of: run.stepsMade), trend.isClearRise,
      Double.exp(trend.change) >= 1 + Self.leastGrowth
    else { return [] }
    let unit = Double.log(Double(vocabulary))
    guard last.value >= Self.high * unit else { return [] }
    return [
      Finding(
        .outputLogits, last.value >= Self.veryHigh * unit ? .danger : .caution,
        seen: "the output logits have a root mean square of \(last.value.rounded(significant: 3)), "
          + "\((last.value / unit).rounded(significant: 2)) times the log of the vocabulary, and grew by a factor of "
          + "\(Double.exp(trend.change).rounded(significant: 3)) over the second half of the run",
        meaning:
          "logits that drift lose digits and end in divergence at high rates: set `z_loss: 1e-4`",
        source: "arXiv 2309.14322; z-loss: arXiv 2204.02311",
        evidence: [
          .init("output_logit_rms", last.value), .init("log_vocabulary", unit),
          .init("late_growth_factor", .exp(trend.change)),
          .init("late_growth_error", trend.error),
        ])
    ]
  }
}
