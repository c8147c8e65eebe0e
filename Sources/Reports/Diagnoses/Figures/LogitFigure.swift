import Runs
import Studies

extension RunDiagnosisReport {
  /// The logits of attention and output; `nil` where none were looked at.
  var logitFigure: Figure? {
    let plots = [maximumPlot, entropyPlot, outputPlot].compactMap(\.self)
    guard !plots.isEmpty else { return nil }
    return Figure(
      id: "logits", title: "Logits and entropy",
      caption:
        "The largest logit of attention and the mean entropy of what is looked at, in each block, and the "
        + "size of the output logits. Logits that go on growing end in divergence at high rates.",
      legend: blockLegend, arrangement: .panels, plots: plots, table: logitTable)
  }

  private var blocks: [(series: AttentionSeries, color: PlotColor)] {
    let shown = diagnosis.attention.filter { $0.points.count > 1 }
    return shown.enumerated().map { place, series in
      (series, .scale(shown.count > 1 ? Double(place) / Double(shown.count - 1) : 0.5))
    }
  }

  private var maximumPlot: Figure.Plot? {
    let values = blocks.flatMap { $0.series.points.map(\.logitMaximum) }.filter { $0 > 0 }
    guard let highest = values.max() else { return nil }
    return Figure.Plot(
      id: "attention-maximum", heading: "Attention logits", note: "the largest of a sequence",
      alt: "The largest attention logit comes to \(Wording.decimal(highest)).",
      description: PlotDescription(
        data: blocks.map { series, color in
          curve(series, color) { $0.logitMaximum > 0 ? $0.logitMaximum : .nan }
        },
        layout: PlotLayout(
          xAxis: .tokens(upTo: tokensDone, mostTicks: 5),
          yAxis: .logarithmic(
            .logarithmic(around: values, margin: 0.05), title: "Largest logit", mostTicks: 6
          ) { Wording.decimal($0) })))
  }

  private var entropyPlot: Figure.Plot? {
    let values = blocks.flatMap { $0.series.points.map(\.entropy) }
    guard let highest = values.max(), let lowest = values.min() else { return nil }
    return Figure.Plot(
      id: "attention-entropy", heading: "Attention entropy", note: "nats, mean over queries",
      alt:
        "The entropy of attention lies between \(Wording.decimal(lowest)) and \(Wording.decimal(highest)) nats.",
      description: PlotDescription(
        data: blocks.map { series, color in curve(series, color, \.entropy) },
        layout: PlotLayout(
          xAxis: .tokens(upTo: tokensDone, mostTicks: 5),
          yAxis: .linear(0...max(1.05 * highest, 0.1), title: "Entropy", mostTicks: 6) {
            Wording.decimal($0)
          })))
  }

  private func curve(
    _ series: AttentionSeries, _ color: PlotColor, _ value: (AttentionSeries.Point) -> Double
  ) -> ScatterTrace {
    .curve(
      x: series.points.map { Double($0.tokens) }, y: series.points.map(value),
      words: series.points.map {
        "block \(series.block), step \(Wording.count($0.step))<br>\(Wording.decimal(value($0), digits: 3))"
      }, line: .init(color: color, width: 1.75))
  }

  private var outputs: [(look: RunEvidence.Look, rms: Double, maximum: Double)] {
    run.looks.compactMap { look in
      guard let rms = look.telemetry.outputLogitRMS, rms > 0,
        let maximum = look.telemetry.outputLogitMaximum, maximum > 0
      else { return nil }
      return (look, rms, maximum)
    }
  }

  private var outputPlot: Figure.Plot? {
    guard outputs.count > 1, let last = outputs.last else { return nil }
    let x = outputs.map { Double($0.look.tokens) }
    return Figure.Plot(
      id: "output-logits", heading: "Output logits",
      note: "root mean square, and dashed the largest",
      alt: "The root mean square of the output logits comes to \(Wording.decimal(last.rms)).",
      description: PlotDescription(
        data: [
          .curve(
            x: x, y: outputs.map(\.rms),
            words: outputs.map {
              "step \(Wording.count($0.look.step))<br>RMS \(Wording.decimal($0.rms, digits: 3))"
            }, line: .init(color: .data, width: 1.75)),
          .curve(
            x: x, y: outputs.map(\.maximum), line: .init(color: .data, width: 1.25, dash: .dash)),
        ],
        layout: PlotLayout(
          xAxis: .tokens(upTo: tokensDone, mostTicks: 5),
          yAxis: .logarithmic(
            .logarithmic(around: outputs.flatMap { [$0.rms, $0.maximum] }, margin: 0.05),
            title: "Logit", mostTicks: 6
          ) { Wording.decimal($0) })))
  }

  private var blockLegend: [LegendEntry] {
    guard let first = blocks.first, let last = blocks.last, blocks.count > 1 else { return [] }
    return [
      LegendEntry(mark: .line, color: first.color, label: "block \(first.series.block)"),
      LegendEntry(mark: .line, color: last.color, label: "block \(last.series.block)"),
    ]
  }

  private var logitTable: DataTable {
    DataTable(
      caption: "Logits and entropy",
      columns: [
        .init("step", "Step"), .init("tokens", "Tokens"), .init("block", "Block"),
        .init("logit_maximum", "Largest logit"), .init("entropy", "Entropy (nats)"),
        .init("output_logit_rms", "Output RMS"), .init("output_logit_maximum", "Output largest"),
      ],
      rows: run.looks.flatMap { look -> [[DataTable.Cell]] in
        let (rms, maximum) = (look.telemetry.outputLogitRMS, look.telemetry.outputLogitMaximum)
        let all =
          look.telemetry.attention.isEmpty ? [nil] : look.telemetry.attention.map(Optional.init)
        return all.enumerated().map { block, attention in
          [
            .count(look.step), .quantity(Double(look.tokens)),
            attention == nil ? .text("") : .count(block), .decimal(attention?.logitMaximum),
            .decimal(attention?.entropy), .decimal(block == 0 ? rms : nil),
            .decimal(block == 0 ? maximum : nil),
          ]
        }
      })
  }
}
