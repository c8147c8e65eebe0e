import RealModule
import Runs
import ScalingLaws

extension BatchReport {
  /// The best batch of each cell against tokens, with the law at the target or mid-scale.
  var bestBatchFigure: Figure? {
    let cells = analysis.cells.filter { $0.batchTokens != nil }
    guard !cells.isEmpty else { return nil }
    let scale = OrderedScale(cells.map(\.params))
    let exponent = analysis.law?.coefficient(of: .tokens)
    return Figure(
      id: "best-batch", title: "The best batch size",
      caption:
        "The batch size with the least loss, each at its own best learning rate, against training "
        + "tokens; bars are \(Wording.share(analysis.confidence)) intervals."
        + (exponent.map {
          " It grows as D to the power \(Wording.exponent($0.value)) "
            + "(\(Wording.exponent($0.lower)) to \(Wording.exponent($0.upper)))."
        } ?? "") + cost,
      legend: OrderedScale.examples(of: cells.map(\.params), most: 3).map {
        LegendEntry(mark: .dot, color: scale.color($0), label: "N = \(Quantity.format($0))")
      } + (analysis.law == nil ? [] : [LegendEntry(mark: .line, color: .answer, label: lawWords)])
        + (analysis.target == nil
          ? [] : [LegendEntry(mark: .diamond, color: .answer, label: "target")]),
      arrangement: .single,
      plots: [
        Figure.Plot(
          id: "best-batch-tokens",
          alt:
            "Best batch size against training tokens, both logarithmic, with the fitted power law.",
          description: bestPlot(cells, scale))
      ], table: bestTable)
  }

  private var cost: String {
    guard let basin = analysis.basin else { return "" }
    return
      " Half the best batch costs \(Wording.percent(basin.penaltyPercent(at: 0.5))) of loss, twice "
      + "\(Wording.percent(basin.penaltyPercent(at: 2))), four times "
      + "\(Wording.percent(basin.penaltyPercent(at: 4)))."
  }

  private var lawParams: Double { analysis.target?.params ?? analysis.law?.centre.params ?? 1 }

  private var lawWords: String { "law at N = \(Quantity.format(lawParams))" }

  private func bestPlot(_ cells: [BestBatch], _ scale: OrderedScale) -> PlotDescription {
    let target = analysis.target
    let range = ClosedRange.logarithmic(
      around: cells.map(\.tokens) + [target?.tokens].compactMap(\.self), margin: 0.06)
    let places = OrderedScale.places(from: range.lowerBound, to: range.upperBound, count: 33)
    let answers =
      analysis.law.map { law in
        places.map {
          law.estimate(
            at: RunScale(
              params: lawParams, tokens: $0,
              activeShare: target?.activeShare ?? law.centre.activeShare),
            measured: false, confidence: analysis.confidence)
        }
      } ?? []
    let batches = cells.compactMap(\.batchTokens)
    var points = ScatterTrace.points(
      x: cells.map(\.tokens), y: batches.map(\.value),
      words: zip(cells, batches).map { cell, batch in
        "\(Quantity.format(cell.params)) params, \(Quantity.format(cell.tokens)) tokens<br>"
          + "\(Quantity.format(batch.value)) (\(batch.range))"
      }, marker: ScatterTrace.Marker(size: 8, color: .each(cells.map { scale.color($0.params) })))
    points.errorY = ScatterTrace.ErrorBar(
      batches.map { ($0.value, $0.lower, $0.upper) }, color: .muted)
    var traces: [ScatterTrace] = []
    if !answers.isEmpty {
      traces = [
        .band(
          x: places, lower: answers.map(\.lower), upper: answers.map(\.upper),
          color: .answer.opacity(0.13)),
        .curve(
          x: places, y: answers.map(\.value), line: ScatterTrace.Line(color: .answer, width: 2.5)),
      ]
    }
    traces.append(points)
    if let target {
      traces.append(
        .points(
          x: [target.tokens], y: [target.batchTokens.value],
          words: ["target: \(Quantity.format(target.batchTokens.value))"],
          marker: ScatterTrace.Marker(
            symbol: .diamond, size: 13, color: .all(.answer),
            line: ScatterTrace.Line(color: .paper, width: 1.5))))
    }
    let heights =
      batches.flatMap { [$0.lower, $0.upper] } + answers.flatMap { [$0.lower, $0.upper] }
    return PlotDescription(
      data: traces,
      layout: PlotLayout(
        xAxis: .logarithmic(range, title: "Training tokens D", mostTicks: 6) {
          Quantity.format($0)
        },
        yAxis: .logarithmic(
          .logarithmic(around: heights, margin: 0.04), title: "Best batch size (tokens)",
          mostTicks: 7
        ) { Quantity.format($0) }))
  }

  private var bestTable: DataTable {
    DataTable(
      caption: "Best batch size of each cell",
      columns: [
        DataTable.Column("params", "Params"), DataTable.Column("tokens", "Tokens"),
        DataTable.Column("status", "Status"), DataTable.Column("batch_tokens", "Best batch"),
        DataTable.Column("lower", "Lower end"), DataTable.Column("upper", "Upper end"),
        DataTable.Column("batches", "Batch sizes"),
      ],
      rows: analysis.cells.map { cell in
        [
          .quantity(cell.params), .quantity(cell.tokens), .text(cell.status.rawValue),
          .quantity(cell.batchTokens?.value), .quantity(cell.batchTokens?.lower),
          .quantity(cell.batchTokens?.upper), .count(cell.batches),
        ]
      })
  }
}
