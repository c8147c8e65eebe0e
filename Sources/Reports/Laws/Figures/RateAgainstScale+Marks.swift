import RealModule
import Runs
import ScalingLaws

extension Report {
  /// The optimum of one cell with its interval.
  func point(
    _ cell: CellFit, _ optimum: Estimate, _ axis: ScaleAxis, _ color: PlotColor
  ) -> ScatterTrace {
    var trace = ScatterTrace.points(
      x: [cell.scale[keyPath: axis.value]], y: [optimum.value],
      words: [
        "\(Quantity.format(cell.params)) params, \(Quantity.format(cell.tokens)) tokens<br>optimum "
          + "\(Quantity.learningRate(optimum.value)) (\(Wording.rates(optimum.lower, optimum.upper)))"
      ], marker: ScatterTrace.Marker(size: 7.5, color: .all(color)))
    trace.errorY = ScatterTrace.ErrorBar(
      [(optimum.value, optimum.lower, optimum.upper)], color: color.opacity(0.7))
    return trace
  }

  /// The answer at the target, with its interval.
  func targetPoint(_ axis: ScaleAxis) -> ScatterTrace {
    let optimum = prediction.optimum
    var trace = ScatterTrace.points(
      x: [target[keyPath: axis.value]], y: [optimum.value],
      words: [
        "target: optimum \(Quantity.learningRate(optimum.value)) (\(Wording.rates(optimum.lower, optimum.upper)))"
      ],
      marker: ScatterTrace.Marker(
        symbol: .diamond, size: 13, color: .all(.answer),
        line: ScatterTrace.Line(color: .paper, width: 1.5)))
    trace.errorY = ScatterTrace.ErrorBar(
      [(optimum.value, optimum.lower, optimum.upper)], color: .answer, thickness: 2)
    return trace
  }

  func rateLegend(_ curves: RateCurves) -> [LegendEntry] {
    let (other, scale) = (curves.other, curves.scale)
    return curves.examples.map {
      LegendEntry(
        mark: .dot, color: scale.color($0),
        label: "\(other.symbol) = \(Quantity.format($0))")
    } + [
      LegendEntry(
        mark: .line, color: .answer,
        label:
          "\(other.symbol) = \(Quantity.format(target[keyPath: other.value])) (target)"),
      LegendEntry(mark: .diamond, color: .answer, label: "target"),
    ]
  }

  func rateAlternative(_ axis: ScaleAxis) -> String {
    let optimum = prediction.optimum
    let quantity: ScaleQuantity = axis.symbol == ScaleQuantity.params.symbol ? .params : .tokens
    let slope = answeringLaw.exponent(of: quantity, at: target) ?? 0
    let cells = Wording.count(locatedCells.count, "cell")
    return
      "Optimal learning rate against \(axis.title.lowercased()), both logarithmic: \(cells) and "
      + "the fitted power law with exponent \(Wording.exponent(slope)), which gives "
      + "\(Quantity.learningRate(optimum.value)) at the target, interval "
      + "\(Wording.rates(optimum.lower, optimum.upper))."
  }

  /// Every cell with what became of it, and the target after them.
  var cellsTable: DataTable {
    let hasBatch = law.batch != nil
    let cells = law.cells.sorted { ($0.params, $0.tokens) < ($1.params, $1.tokens) }
    func row(
      _ what: String, _ scale: RunScale, _ optimum: Estimate?, _ batch: Double?
    ) -> [DataTable.Cell] {
      [
        .text(what), .quantity(scale.params), .quantity(scale.tokens), .rate(optimum?.value),
        .rate(optimum?.lower), .rate(optimum?.upper),
      ] + (hasBatch ? [.quantity(batch)] : [])
    }
    return DataTable(
      caption: "Cells: the optimal learning rate of each, and the law's at the target",
      columns: [
        DataTable.Column("what", "What"), DataTable.Column("params", "Params"),
        DataTable.Column("tokens", "Tokens"), DataTable.Column("optimum", "Optimum"),
        DataTable.Column("lower", "Lower end"), DataTable.Column("upper", "Upper end"),
      ] + (hasBatch ? [DataTable.Column("batch_tokens", "Batch (tokens)")] : []),
      rows: cells.map { cell in
        row("cell, \(cell.status.words)", cell.scale, cell.optimum, cell.bestBatchTokens)
      } + [row("target", target, prediction.optimum, recommendation.batchTokens)])
  }
}

extension CellFit.Status {
  /// The status in words.
  var words: String {
    switch self {
    case .located: "optimum located"
    case .edge: "best at the edge"
    case .tooFewLearningRates: "too few learning rates"
    case .allDiverged: "all runs diverged"
    }
  }
}
