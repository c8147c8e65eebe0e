import Foundation
import Runs
import ScalingLaws
import Studies

/// What a sweep of several variants found, for people and for programs.
struct RivalResult: Encodable {
  let folder: String
  let runs: Int
  let divergedRuns: Int
  /// Trained by this call, in seconds of wall time.
  let trainedTokens: Int
  let trainingSeconds: Double
  let cost: StudyCost
  let variants: [Variant]
  let rivals: RivalComparison

  /// A variant with its own law, or why there is none.
  struct Variant: Encodable {
    let variant: Int
    let title: String
    let law: String?
    let noLaw: String?
    let warnings: [FitWarning]
  }

  init(_ outcome: SweepSession.RivalOutcome) {
    folder = outcome.reading.folder.url.relativePath
    let ended = outcome.reading.endedRuns
    runs = ended.count
    divergedRuns = ended.count { $0.state == .diverged }
    trainedTokens = outcome.trainedTokens
    trainingSeconds = outcome.trainingSeconds
    cost = outcome.reading.cost
    variants = outcome.rivals.sides.map { side in
      switch side.analysis {
      case .success(let analysis):
        Variant(
          variant: side.rival.variant, title: side.rival.title, law: analysis.law.rate.formula,
          noLaw: nil, warnings: analysis.law.warnings)
      case .failure(let error):
        Variant(
          variant: side.rival.variant, title: side.rival.title, law: nil,
          noLaw: error.description, warnings: [])
      }
    }
    rivals = outcome.rivals.comparison
  }

  func json() throws -> String {
    String(decoding: try JSONEncoder.results.encode(self), as: UTF8.self)
  }

  var text: String {
    var lines = [SweepResult.training(trainedTokens, in: trainingSeconds), cost.summary, ""]
    lines += rivals.lines
    lines.append("")
    for side in variants {
      lines.append("law of variant \(side.variant): " + (side.law ?? "none: \(side.noLaw ?? "")"))
    }
    lines.append("")
    lines.append("one alone   vernier fit \(folder) --where variant=1")
    lines.append("report      vernier report \(folder) --output report.html")
    return lines.joined(separator: "\n")
  }
}

extension RivalComparison {
  /// The table of rivals, and what it says.
  var lines: [String] {
    rivals.map { "variant \($0.variant)   \($0.title)" } + ["", table.text, ""] + sentences
  }

  private var table: TextTable {
    TextTable(
      [
        "params", "tokens", "batch", "variant", "best LR", "loss", "behind the best",
        "LR sensitivity", "",
      ],
      cells.flatMap { cell in
        cell.standings.map { standing in
          [
            Quantity.format(cell.params), Quantity.format(cell.tokens),
            cell.batchTokens.map(Quantity.format) ?? "", "\(standing.variant)",
            standing.learningRate.map { Quantity.learningRate($0, digits: 3) } ?? "-",
            standing.lossWords, standing.differenceWords(isSure: cell.isSure),
            standing.sensitivity.map { "\($0.value.rounded(significant: 2))" } ?? "-",
            standing.remark,
          ]
        }
      })
  }
}

extension RivalComparison.Standing {
  fileprivate var lossWords: String {
    guard let loss else { return "diverged" }
    return "\(loss.rounded(places: 4))"
      + (standardError.map { " ± \($0.rounded(significant: 2))" } ?? "")
  }

  fileprivate func differenceWords(isSure: Bool) -> String {
    guard let differencePercent else { return "-" }
    if differencePercent == 0 { return isSure ? "best, surely" : "best" }
    return "\(differencePercent.rounded(significant: 2)) %"
      + (differenceError.map { " ± \($0.rounded(significant: 2))" } ?? "")
  }
}
