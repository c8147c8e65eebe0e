import Runs
import ScalingLaws

extension CurvesReport {
  private static let tabledRows = 12

  /// The law's error along each curve; `nil` without losses.
  var errorFigure: Figure? {
    let judged = all.enumerated().filter { $1.score != nil }
    guard !judged.isEmpty else { return nil }
    let errors = judged.map { Self.errors(of: $1) }
    let largest = errors.flatMap { $0.map { abs($0.percent) } }.max() ?? 1
    let last = judged.map { Double($1.paced.curve.lastStep) }.max() ?? 1
    let traces = zip(judged, errors).map { entry, errors in
      let isFitted = entry.offset < study.fitted.count
      let name = entry.element.paced.curve.name
      return ScatterTrace.curve(
        x: errors.map { Double($0.step) }, y: errors.map(\.percent),
        words: errors.map {
          "\(name)<br>step \(Wording.count($0.step))<br>\(Wording.decimal($0.percent)) %"
        },
        line: ScatterTrace.Line(
          color: isFitted ? PlotColor.data : PlotColor.answer.opacity(0.7), width: 1.25))
    }
    return Figure(
      id: "errors", title: "Errors along the curves",
      caption:
        "The law's loss less the measured one, in percent of it. Errors of neighbouring steps go "
        + "together, and the ends matter most: a line that leaves zero late tells of a schedule that "
        + "the law does not carry over to.",
      legend: [
        LegendEntry(mark: .line, color: .data, label: "fitted"),
        LegendEntry(mark: .line, color: .answer, label: "predicted"),
      ], arrangement: .single,
      plots: [
        Figure.Plot(
          id: "errors-steps",
          alt: "Error in percent against step; the largest is \(Wording.decimal(largest)) percent.",
          description: PlotDescription(
            data: traces,
            layout: PlotLayout(
              xAxis: Self.stepAxis(last, mostTicks: 8),
              yAxis: .linear(
                -1.08 * largest...1.08 * largest, title: "Error (% of loss)", mostTicks: 7
              ) { Wording.decimal($0) },
              shapes: [.horizontal(0, ScatterTrace.Line(color: .muted, width: 1))])))
      ],
      table: DataTable(
        caption: "The law's error, at about \(Self.tabledRows) steps of each curve",
        columns: [
          DataTable.Column("curve", "Curve"), DataTable.Column("step", "Step"),
          DataTable.Column("error_percent", "Error (%)"),
        ],
        rows: zip(judged, errors).flatMap { Self.rows($0.element, $1) }))
  }

  private static func rows(
    _ curve: PredictedCurve, _ errors: [(step: Int, percent: Double)]
  ) -> [[DataTable.Cell]] {
    let stride = max(errors.count / tabledRows, 1)
    return errors.enumerated().filter { $0.offset.isMultiple(of: stride) }.map { _, error in
      [
        .text(curve.paced.curve.name), .count(error.step), .decimal(error.percent, digits: 2),
      ]
    }
  }

  private static func errors(of curve: PredictedCurve) -> [(step: Int, percent: Double)] {
    shown(curve).compactMap { place in
      let point = curve.paced.curve.points[place]
      return point.loss.map { (point.step, 100 * (curve.losses[place] / $0 - 1)) }
    }
  }
}
