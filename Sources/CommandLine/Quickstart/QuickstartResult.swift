import Foundation
import Runs
import ScalingLaws
import Studies

/// What the quickstart found, as it is kept in `result.json` and printed.
struct QuickstartResult: Codable {
  static let version = 2

  var version = Self.version
  var runs: Int
  var divergedRuns: Int
  var cost: StudyCost
  /// By all calls that trained.
  var trainedTokens: Int
  var trainingSeconds: Double
  var law: String
  /// How many of the grid's cells were annealed, how many are predicted, and how well.
  var horizons: String?
  /// The larger, longer run: the recommendation, what it was measured against, the gap.
  var heldOut: HeldOutTest?
  /// The study's target, which nobody trained.
  var params: Double
  var tokens: Double
  var learningRate: Double
  var lower: Double
  var upper: Double
  var confidence: Double

  init(_ outcome: SweepSession.Outcome, answer: Recommendation) {
    let ended = outcome.reading.endedRuns
    runs = ended.count
    divergedRuns = ended.count { $0.state == .diverged }
    cost = outcome.findings.cost
    trainedTokens = outcome.reading.work.tokens
    trainingSeconds = outcome.reading.work.seconds
    law = answer.law
    horizons = outcome.analysis.horizons?.summary
    heldOut = outcome.findings.heldOut
    params = answer.params
    tokens = answer.tokens
    learningRate = answer.learningRate
    lower = answer.lower
    upper = answer.upper
    confidence = answer.confidence
  }

  /// The result for a person at a terminal.
  func text(_ folder: QuickstartFolder) -> String {
    let interval = "\(Int((100 * confidence).rounded())) % interval of the optimum"
    func rates(_ lower: Double, _ upper: Double) -> String {
      "\(Quantity.learningRate(lower, digits: 3)) to \(Quantity.learningRate(upper, digits: 3))"
    }
    var lines = [
      "runs     \(runs) trained, \(divergedRuns) of them diverged; "
        + "\(Quantity.format(Double(trainedTokens))) tokens in \(Int(trainingSeconds.rounded(.up))) s of training"
    ]
    lines.append("         \(cost.summary)")
    if let horizons { lines.append("         \(horizons)") }
    lines.append("law      \(law)")
    if let heldOut {
      lines.append(
        "test     \(Quantity.format(heldOut.params)) params on "
          + "\(Quantity.format(Double(heldOut.tokens))) tokens, larger and longer than any run of the law: "
          + "recommended \(Quantity.learningRate(heldOut.learningRate, digits: 3)), \(interval) "
          + rates(heldOut.optimum.lower, heldOut.optimum.upper))
      for run in heldOut.runs {
        lines.append(
          "         learning rate \(Quantity.learningRate(run.learningRate, digits: 3))   loss "
            + (run.loss.map { String(format: "%.4f", $0) } ?? "diverged")
            + (run == heldOut.recommendedRun ? "   (recommended)" : ""))
      }
      lines.append(heldOut.gapLine)
    }
    lines.append(
      "advice   learning rate \(Quantity.learningRate(learningRate, digits: 3)) for "
        + "\(Quantity.format(params)) params on \(Quantity.format(tokens)) tokens, \(interval) "
        + rates(lower, upper))
    lines.append("report   \(folder.file("report.html"))")
    return lines.joined(separator: "\n")
  }
}

extension HeldOutTest {
  /// The loss at the recommended rate over the best measured.
  var gapLine: String {
    guard let gapPercent, let gapStandardError else {
      return "gap none: the run at the recommended rate diverged"
    }
    let line = String(
      format: "gap %.2f %% +- %.2f %%: loss at the recommended rate over the best measured",
      gapPercent, gapStandardError)
    return line + (nextFactor == nil ? "" : ", which is at an end of the rates tried")
  }
}
