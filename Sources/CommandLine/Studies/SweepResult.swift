import Foundation
import Runs
import ScalingLaws
import Studies

/// What a sweep found, for people and for programs.
struct SweepResult: Encodable {
  let folder: String
  let runs: Int
  let divergedRuns: Int
  /// Trained by this call, in seconds of wall time.
  let trainedTokens: Int
  let trainingSeconds: Double
  let cost: StudyCost
  let horizons: HorizonSearch?
  let law: String
  let heldOut: HeldOutTest?
  let warnings: [FitWarning]
  private let summary: String

  init(_ outcome: SweepSession.Outcome) {
    folder = outcome.reading.folder.url.relativePath
    let ended = outcome.reading.endedRuns
    runs = ended.count
    divergedRuns = ended.count { $0.state == .diverged }
    trainedTokens = outcome.trainedTokens
    trainingSeconds = outcome.trainingSeconds
    cost = outcome.findings.cost
    horizons = outcome.analysis.horizons
    law = outcome.analysis.law.rate.formula
    heldOut = outcome.findings.heldOut
    warnings = outcome.analysis.law.warnings
    summary = outcome.analysis.law.summary
  }

  private enum CodingKeys: String, CodingKey {
    case folder, runs, divergedRuns, trainedTokens, trainingSeconds, cost, horizons, law, heldOut
    case warnings
  }

  func json() throws -> String {
    String(decoding: try JSONEncoder.results.encode(self), as: UTF8.self)
  }

  var text: String {
    var lines = [Self.training(trainedTokens, in: trainingSeconds), cost.summary]
    if let horizons { lines.append(horizons.summary) }
    lines.append(summary)
    if let heldOut { lines.append(heldOut.summary) }
    lines.append("report   vernier report \(folder) --output report.html")
    return lines.joined(separator: "\n")
  }
}

extension SweepResult {
  /// What a call trained, and how long it took.
  static func training(_ tokens: Int, in seconds: Double) -> String {
    tokens > 0
      ? "trained \(Quantity.format(Double(tokens))) tokens in \(Int(seconds.rounded())) s"
      : "every run was trained before"
  }
}

extension StudyCost {
  /// What was spent, and what a full grid would have cost.
  var summary: String {
    "cost: \(Quantity.operations(spent)) floating-point operations; the full grid, every horizon, "
      + "predicted ones too, trained from its start, would have taken \(Quantity.operations(fullGrid)) "
      + "(\((fullGrid / max(spent, 1)).rounded(places: 1)) times as much)"
      + (heldOut > 0 ? "; the hold-out took \(Quantity.operations(heldOut))" : "")
  }
}

extension HorizonSearch {
  /// How much of the grid was run, and how well the rest is predicted.
  var summary: String {
    let share = Int((100 * Double(measuredCells) / Double(max(gridCells, 1))).rounded())
    var text =
      "horizons: \(measuredCells) of the \(gridCells) cells of the grid were trained (\(share) %), "
      + "\(predictedCells) are predicted"
    if let test {
      text +=
        "; the longest horizons, predicted without them, were missed by "
        + "\(test.errorPercent.rounded(significant: 2)) % of loss, \(test.coveredCount) of "
        + "\(test.cells.count) inside the law's own interval, which predictions widen by that"
    }
    return text
  }
}

extension HeldOutTest {
  /// How good the prediction was, first in one phrase.
  var summary: String {
    let rates = runs.map { run in
      "\(Quantity.learningRate(run.learningRate, digits: 3)) "
        + (run.loss.map { "\($0.rounded(places: 4))" } ?? "diverged")
    }
    return "\(gapLine); \(Quantity.format(params)) params on "
      + "\(Quantity.format(Double(tokens))) tokens, held out, recommended "
      + "\(Quantity.learningRate(learningRate, digits: 3)) (optimum "
      + "\(Quantity.learningRate(optimum.lower)) to \(Quantity.learningRate(optimum.upper))), losses at "
      + rates.joined(separator: ", ")
  }
}

extension StudySweep.Notice: CustomStringConvertible {
  public var description: String {
    switch self {
    case .corpusChanged(let ended):
      "the corpus is not the one of the last call: its runs are new ones"
        + (ended > 0
          ? ", and the \(ended) that had ended on the old text stay in runs/ and are not used" : "")
    case .notAskedFor(let count):
      "\(count.counted("run")) that ended before \(count == 1 ? "is" : "are") no longer asked for; "
        + "what they found stays in runs/ and is not used"
    case .run(let text): text
    }
  }
}
