import Runs
import ScalingLaws

extension CurvesReport {
  /// The final loss against the part of the run that decays; `nil` where no length was asked about.
  var decayFigure: Figure? {
    guard let advice = study.advice else { return nil }
    let shares = advice.fractions.map { 100 * $0.schedule.decayFraction }
    let losses = advice.fractions.map(\.finalLoss)
    let others = advice.alternatives.filter { $0.schedule.decayFraction > 0 }
    let heights = losses.flatMap { [$0.value, $0.lower, $0.upper] } + others.map(\.finalLoss.value)
    let (low, high) = (heights.min() ?? 0, heights.max() ?? 1)
    let room = max(0.05 * (high - low), 1e-4 * high)
    return Figure(
      id: "decay", title: "How much to decay",
      caption: decayCaption(advice),
      legend: [
        LegendEntry(mark: .line, color: .answer, label: "the law"),
        LegendEntry(
          mark: .band, color: .answer.opacity(0.18),
          label: "\(Wording.share(study.fit.confidence)) of what the fitted curves allow"),
        LegendEntry(
          mark: .band, color: .muted.opacity(0.15), label: "not to be told from the best"),
        LegendEntry(mark: .diamond, color: .data, label: "a cosine over the whole run"),
      ], arrangement: .single,
      plots: [
        Figure.Plot(
          id: "decay-fractions", alt: decayCaption(advice),
          description: PlotDescription(
            data: [
              .band(
                x: shares, lower: losses.map(\.lower), upper: losses.map(\.upper),
                color: .answer.opacity(0.18)),
              .curve(
                x: shares, y: losses.map(\.value),
                words: advice.fractions.map {
                  "\($0.name)<br>\(Wording.decimal($0.finalLoss.value, digits: 5))"
                }, line: ScatterTrace.Line(color: .answer, width: 2)),
              .points(
                x: others.prefix(1).map { _ in 100 }, y: others.prefix(1).map(\.finalLoss.value),
                words: others.prefix(1).map {
                  "\($0.name)<br>\(Wording.decimal($0.finalLoss.value, digits: 5))"
                },
                marker: ScatterTrace.Marker(symbol: .diamond, size: 9, color: .all(.data))),
            ],
            layout: PlotLayout(
              xAxis: .linear(0...103, title: "Part of the run that decays (%)", ticks: 8),
              yAxis: .linear(low - room...high + room, title: "Final loss", mostTicks: 6) {
                Wording.decimal($0, digits: 4)
              },
              shapes: [
                .strip(
                  100 * advice.flat.lowerBound, 100 * advice.flat.upperBound,
                  color: .muted.opacity(0.15))
              ])))
      ],
      table: DataTable(
        caption: "Final losses of a run of \(Wording.count(advice.steps, "step")) by the law",
        columns: [
          DataTable.Column("schedule", "Schedule"),
          DataTable.Column("final_loss", "Final loss"), DataTable.Column("lower", "From"),
          DataTable.Column("upper", "To"), DataTable.Column("excess", "Beside the best"),
        ],
        rows: (advice.fractions + advice.alternatives).map {
          [
            .text($0.name), .decimal($0.finalLoss.value, digits: 5),
            .decimal($0.finalLoss.lower, digits: 5), .decimal($0.finalLoss.upper, digits: 5),
            .decimal($0.excess.value),
          ]
        }))
  }

  private func decayCaption(_ advice: ScheduleAdvice) -> String {
    "A warm-up, the peak and a linear decay to \(Wording.share(advice.floor)) of it, in "
      + "\(Wording.count(advice.steps, "step")): by the law a decay over "
      + "\(Wording.share(advice.best.schedule.decayFraction)) of the run is best, and "
      + "\(Wording.share(advice.flat.lowerBound)) to \(Wording.share(advice.flat.upperBound)) are no worse "
      + "than \(Wording.decimal(advice.tolerance)), less than which is not to be believed here."
  }
}
