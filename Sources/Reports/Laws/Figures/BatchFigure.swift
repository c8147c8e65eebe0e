import RealModule
import Runs
import ScalingLaws

extension Report {
  /// The best batch size against tokens; `nil` where batch sizes were not swept.
  var batchFigure: Figure? {
    law.batch.map { batch in
      let confidence = recommendation.confidence
      let answer = batch.estimate(at: target, measured: false, confidence: confidence)
      let slope = batch.coefficient(of: .tokens)?.value ?? 0
      return Figure(
        id: "batch", title: "The best batch size",
        caption:
          "The best batch size \(slope < 0 ? "falls" : "grows") with training tokens (exponent "
          + "\(Wording.exponent(slope))): \(Quantity.format(answer.value)) tokens at the "
          + "target, \(Wording.share(confidence)) interval "
          + "\(Quantity.format(answer.lower)) to "
          + "\(Quantity.format(answer.upper)). Small ticks are the batch sizes that were "
          + "tried.",
        legend: batchLegend, arrangement: .single,
        plots: [
          Figure.Plot(
            id: "batch-tokens",
            alt:
              "Best batch size against training tokens, both logarithmic, with the fitted power law: "
              + "\(Quantity.format(answer.value)) tokens at the target, interval "
              + "\(Quantity.format(answer.lower)) to "
              + "\(Quantity.format(answer.upper)).",
            description: batchPlot(batch, answer))
        ], table: batchTable(answer))
    }
  }

  private var batchCells: [CellFit] { law.cells.filter { $0.bestBatchTokens != nil } }

  private func batchPlot(_ batch: ScaleLaw, _ answer: Estimate) -> PlotDescription {
    let cells = batchCells
    let scale = OrderedScale(cells.map(\.params))
    let range = ClosedRange.logarithmic(around: cells.map(\.tokens) + [target.tokens], margin: 0.06)
    let places = OrderedScale.places(from: range.lowerBound, to: range.upperBound, count: 33)
    let answers = places.map {
      batch.estimate(
        at: RunScale(params: target.params, tokens: $0, activeShare: target.activeShare),
        measured: false,
        confidence: answer.confidence)
    }
    let tried = cells.flatMap { cell in
      cell.slices.compactMap { slice in slice.batchTokens.map { (cell.tokens, $0) } }
    }
    let best = cells.map { $0.bestBatchTokens ?? .nan }
    var targetMark = ScatterTrace.points(
      x: [target.tokens], y: [answer.value],
      words: ["target: \(Quantity.format(answer.value))"],
      marker: ScatterTrace.Marker(
        symbol: .diamond, size: 13, color: .all(.answer),
        line: ScatterTrace.Line(color: .paper, width: 1.5)))
    targetMark.errorY = ScatterTrace.ErrorBar(
      [(answer.value, answer.lower, answer.upper)], color: .answer, thickness: 2)
    let heights = tried.map(\.1) + answers.flatMap { [$0.lower, $0.upper] }
    return PlotDescription(
      data: [
        .band(
          x: places, lower: answers.map(\.lower), upper: answers.map(\.upper),
          color: .answer.opacity(0.13)),
        .points(
          x: tried.map(\.0), y: tried.map(\.1),
          words: tried.map { "tried: \(Quantity.format($0.1))" },
          marker: ScatterTrace.Marker(
            symbol: .tick, size: 7, color: .all(.muted),
            line: ScatterTrace.Line(color: .muted, width: 1), opacity: 0.55)),
        .curve(
          x: places, y: answers.map(\.value), line: ScatterTrace.Line(color: .answer, width: 2.5)),
        .points(
          x: cells.map(\.tokens), y: best,
          words: cells.map {
            "\(Quantity.format($0.params)) params, \(Quantity.format($0.tokens)) tokens<br>best batch "
              + Quantity.format($0.bestBatchTokens ?? .nan)
          },
          marker: ScatterTrace.Marker(size: 8, color: .each(cells.map { scale.color($0.params) }))),
        targetMark,
      ],
      layout: PlotLayout(
        xAxis: .logarithmic(range, title: "Training tokens D", mostTicks: 6) {
          Quantity.format($0)
        },
        yAxis: .logarithmic(
          .logarithmic(around: heights, margin: 0.04), title: "Batch size (tokens)", mostTicks: 7
        ) { Quantity.format($0) }))
  }

  private var batchLegend: [LegendEntry] {
    let sizes = batchCells.map(\.params)
    let scale = OrderedScale(sizes)
    return OrderedScale.examples(of: sizes, most: 3).map {
      LegendEntry(
        mark: .dot, color: scale.color($0), label: "N = \(Quantity.format($0))")
    } + [
      LegendEntry(
        mark: .line, color: .answer,
        label: "law at N = \(Quantity.format(target.params)), as at the target"),
      LegendEntry(mark: .diamond, color: .answer, label: "target"),
      LegendEntry(mark: .tick, color: .muted, label: "batch size tried"),
    ]
  }

  private func batchTable(_ answer: Estimate) -> DataTable {
    DataTable(
      caption: "Best batch size of each cell, and the law's at the target",
      columns: [
        DataTable.Column("what", "What"), DataTable.Column("params", "Params"),
        DataTable.Column("tokens", "Tokens"),
        DataTable.Column("best_batch_tokens", "Best batch (tokens)"),
      ],
      rows: batchCells.sorted { ($0.params, $0.tokens) < ($1.params, $1.tokens) }.map {
        [.text("cell"), .quantity($0.params), .quantity($0.tokens), .quantity($0.bestBatchTokens)]
      } + [
        [
          .text("target"), .quantity(target.params), .quantity(target.tokens),
          .quantity(answer.value),
        ]
      ])
  }
}
