import Runs
import ScalingLaws
import Studies

extension StudyDiagnosis {
  /// The diagnosis for a person at a terminal.
  var text: String {
    var lines = [
      "\(name): \(runs.count.counted("run")) in \(cells.count.counted("cell"))"
        + (notBegun > 0 ? "; \(notBegun) not begun" : ""), "", cellTable, Self.note,
    ]
    if let steady = steadiness {
      lines += [
        "",
        "log2 spread over \(steady.cells) cells: best rate \(short(steady.rateSpread)), effective rate "
          + "there \(short(steady.effectiveSpread)) (\(short(steady.adjustedSpread)) in units of the rate)",
      ]
    }
    lines += ["", findings.text]
    if !tallies.isEmpty {
      lines += ["", "in runs:"]
      lines += tallies.map {
        "  \($0.severity.rawValue) [\($0.kind.rawValue)] in \($0.runs) of \(runs.count), such as \($0.example): "
          + $0.seen
      }
    }
    if !hasTelemetry {
      lines += [
        "",
        "missing: no run has telemetry, so effective learning rates, norms and logits are not known; put "
          + "`telemetry: {every: ...}` into the study or run file and train again",
      ]
    }
    return lines.joined(separator: "\n")
  }

  private static let note =
    "sensitivity: mean over the rates of min(loss, first loss) above the best loss, in nats (arXiv 2309.14322); "
    + "optimum:\nparabola through the best loss and its neighbours; displacement: effective rate there (arXiv "
    + "2606.29158)"

  private var cellTable: String {
    var headings = ["params", "tokens", "batch"]
    if hasVariants { headings.append("variant") }
    headings += [
      "rates", "diverged", "best", "loss", "optimum", "displacement", "2ηλS", "sensitivity",
      "next higher",
    ]
    return TextTable(headings, cells.map(row)).text
  }

  private func row(_ cell: CellDiagnosis) -> [String] {
    let place = cell.place
    var row = [
      Quantity.format(place.params), Quantity.format(place.tokens),
      place.batchTokens.map { Quantity.format($0) } ?? "–",
    ]
    if hasVariants { row.append(place.variant) }
    return row + [
      "\(cell.rates.count)", "\(cell.rates.reduce(0) { $0 + $1.diverged })",
      rate(cell.best?.learningRate), short(cell.best?.loss, digits: 5),
      rate(cell.optimum?.learningRate), rate(cell.optimum?.displacement),
      short(cell.best?.decaySum), short(cell.tried.sensitivity?.value),
      cell.nextHigher?.fate.rawValue ?? (cell.best == nil ? "–" : "not tried"),
    ]
  }

  private func short(_ value: Double?, digits: Int = 3) -> String {
    value.map { $0.rounded(significant: digits).plain } ?? "–"
  }

  private func rate(_ value: Double?) -> String {
    value.map { Quantity.learningRate($0) } ?? "–"
  }
}
