import Runs
import ScalingLaws

extension CurvesReport {
  /// More points than this in a panel cannot be told apart.
  private static let mostPoints = 250

  /// Each curve with what the law makes of its schedule.
  var curveFigure: Figure {
    Figure(
      id: "curves", title: "Curves",
      caption:
        "Each run's loss against its steps, and the law's. The steps before the end of the warm-up "
        + "are not judged and not shown.",
      legend: [
        LegendEntry(mark: .line, color: .data, label: "measured"),
        LegendEntry(mark: .line, color: .answer, label: "the law"),
      ], arrangement: .panels, plots: all.enumerated().map { plot($1, number: $0) },
      table: accuracyTable)
  }

  /// The places of a curve's points that are drawn.
  static func shown(_ curve: PredictedCurve) -> [Int] {
    let start = curve.paced.judged.first ?? 0
    let places = curve.paced.curve.points.indices.filter {
      $0 >= start && curve.losses[$0].isFinite
    }
    let stride = places.count / mostPoints + 1
    return places.enumerated().filter {
      $0.offset.isMultiple(of: stride) || $0.offset == places.count - 1
    }.map(\.element)
  }

  private func plot(_ curve: PredictedCurve, number: Int) -> Figure.Plot {
    let places = Self.shown(curve)
    let points = places.map { curve.paced.curve.points[$0] }
    let measured = points.filter { $0.loss != nil }
    let losses = measured.compactMap(\.loss)
    let heights = losses + places.map { curve.losses[$0] }
    let (low, high) = (heights.min() ?? 0, heights.max() ?? 1)
    let room = max(0.05 * (high - low), 1e-3 * high)
    let law = ScatterTrace.curve(
      x: points.map { Double($0.step) }, y: places.map { curve.losses[$0] },
      line: ScatterTrace.Line(color: .answer, width: 1.5))
    let data = ScatterTrace.curve(
      x: measured.map { Double($0.step) }, y: losses,
      words: measured.map {
        "step \(Wording.count($0.step))<br>\(Wording.decimal($0.loss ?? 0, digits: 5))"
      }, line: ScatterTrace.Line(color: .data, width: 2.5))
    let isFitted = number < study.fitted.count
    let note =
      curve.score.map {
        "\(isFitted ? "fitted" : "predicted"), mean error "
          + Wording.decimal($0.accuracy.meanAbsolute, digits: 2)
      } ?? "planned"
    return Figure.Plot(
      id: "curve-\(number)", heading: curve.paced.curve.name, note: note,
      alt: "Loss against step of \(curve.paced.curve.name), \(note).",
      description: PlotDescription(
        data: [data, law],
        layout: PlotLayout(
          xAxis: Self.stepAxis(Double(curve.paced.curve.lastStep), mostTicks: 4),
          yAxis: .linear(low - room...high + room, title: nil, mostTicks: 5) {
            Wording.decimal($0, digits: 4)
          })))
  }

  static func stepAxis(_ last: Double, mostTicks: Int) -> PlotLayout.Axis {
    .linear(0...last * 1.02, title: "Step", mostTicks: mostTicks) { Quantity.format($0) }
  }

  private var accuracyTable: DataTable {
    func row(
      _ name: String, _ use: String, _ score: CurveScore?, _ predicted: Double
    ) -> [DataTable.Cell] {
      [
        .text(name), .text(use), .decimal(score?.accuracy.meanAbsolute),
        .decimal(score?.accuracy.rootMeanSquare),
        .decimal(score?.accuracy.determination, digits: 5),
        .decimal((score?.accuracy.worstRelative).map { 100 * $0 }, digits: 2),
        .decimal(score?.finalLoss, digits: 5), .decimal(predicted, digits: 5),
      ]
    }
    return DataTable(
      caption: "How far the law is from each curve",
      columns: [
        DataTable.Column("curve", "Curve"), DataTable.Column("use", "Use"),
        DataTable.Column("mean_error", "Mean error"), DataTable.Column("rms_error", "RMS error"),
        DataTable.Column("r_squared", "R²"), DataTable.Column("worst_percent", "Worst (%)"),
        DataTable.Column("final_loss", "Final loss"),
        DataTable.Column("predicted_final_loss", "The law's"),
      ],
      rows: study.fitted.map { row($0.paced.curve.name, "fitted", $0.score, $0.finalLoss.value) }
        + study.fit.leftOut.map { row($0.name, "left out", $0.score, $0.score.predictedFinalLoss) }
        + study.predicted.map {
          row(
            $0.paced.curve.name, $0.score == nil ? "planned" : "predicted", $0.score,
            $0.finalLoss.value)
        })
  }
}
