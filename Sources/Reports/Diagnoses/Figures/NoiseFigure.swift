import Runs
import Studies

extension RunDiagnosisReport {
  /// The gradient noise scale beside the batch; `nil` where it was never estimated.
  var noiseFigure: Figure? {
    let shown = run.looks.compactMap { look in
      look.telemetry.gradientNoiseScale.flatMap { $0 > 0 ? (look, $0) : nil }
    }
    guard shown.count > 1, let batch = run.batchTokens else { return nil }
    let reading = diagnosis.noiseScale.map {
      " Its median over the second half is \(Quantity.format($0.median)) tokens."
    }
    return Figure(
      id: "noise-scale", title: "Gradient noise scale",
      caption:
        "The batch at which noise and mean of the gradient are equal, as each step looked at tells it, and "
        + "as a line the batch that was used. Single estimates scatter by factors.\(reading ?? "")",
      legend: [
        LegendEntry(mark: .dot, color: .data, label: "noise scale"),
        LegendEntry(mark: .dashed, color: .muted, label: "batch"),
      ], arrangement: .single,
      plots: [
        Figure.Plot(
          id: "noise-scale-steps",
          alt: "The gradient noise scale beside a batch of \(Quantity.format(batch)) tokens.",
          description: PlotDescription(
            data: [
              .points(
                x: shown.map { Double($0.0.tokens) }, y: shown.map(\.1),
                words: shown.map {
                  "step \(Wording.count($0.0.step))<br>\(Quantity.format($0.1)) tokens"
                }, marker: ScatterTrace.Marker(size: 6, color: .all(.data)))
            ],
            layout: PlotLayout(
              xAxis: .tokens(upTo: tokensDone, mostTicks: 8),
              yAxis: .logarithmic(
                .logarithmic(around: shown.map(\.1) + [batch], margin: 0.05), title: "Tokens",
                mostTicks: 7
              ) { Quantity.format($0) },
              shapes: [.horizontal(batch, .init(color: .muted, width: 1.5, dash: .dash))])))
      ],
      table: DataTable(
        caption: "Gradient noise scale",
        columns: [
          .init("step", "Step"), .init("tokens", "Tokens"),
          .init("gradient_noise_scale", "Noise scale (tokens)"), .init("batch_tokens", "Batch"),
        ],
        rows: shown.map {
          [.count($0.0.step), .quantity(Double($0.0.tokens)), .quantity($0.1), .quantity(batch)]
        }))
  }
}
