import RealModule
import Runs

extension RunReport {
  /// The norm of the gradient; `nil` where none was a positive number.
  var gradientFigure: Figure? {
    let norms = training.compactMap(\.value.gradientNorm).filter { $0 > 0 }
    guard let least = norms.min(), let greatest = norms.max() else { return nil }
    let windows = CurveWindows.even(training.count)
    let points = training.points(windows, of: \.gradientNorm)
    let clip = description.optimizer.clip
    let range = ClosedRange.logarithmic(around: [least, greatest, clip ?? least], margin: 0.05)
    let layout = PlotLayout(
      xAxis: .tokens(upTo: Double(tokensDone), mostTicks: 8),
      yAxis: .logarithmic(range, title: "Gradient norm", mostTicks: 7) {
        Wording.decimal($0)
      },
      shapes: [
        clip.map {
          PlotLayout.Shape.horizontal(
            $0, ScatterTrace.Line(color: .muted, width: 1.5, dash: .dash))
        }
      ].compactMap(\.self) + divergenceMark)
    let caption = gradientCaption(windows)
    return Figure(
      id: "gradient", title: "Gradient norm", caption: caption, legend: gradientLegend(windows),
      arrangement: .single,
      plots: [
        Figure.Plot(
          id: "gradient-steps", alt: "Gradient norm against tokens. \(caption)",
          description: PlotDescription(data: gradientTraces(points, windows), layout: layout))
      ], table: gradientTable)
  }

  private func gradientTraces(_ points: [CurvePoint], _ windows: [Range<Int>]) -> [ScatterTrace] {
    let line = ScatterTrace.curve(
      x: points.map(\.tokens), y: points.map(\.mean),
      words: points.map {
        "\($0.stepWords)<br>"
          + ($0.steps.count == 1
            ? Wording.decimal($0.mean, digits: 3)
            : "mean \(Wording.decimal($0.mean, digits: 3)), greatest "
              + Wording.decimal($0.greatest, digits: 3))
      }, line: ScatterTrace.Line(color: .data, width: 1))
    guard Self.areAveraged(windows) else { return [line] }
    let known = points.filter(\.mean.isFinite)
    let band = ScatterTrace.band(
      x: known.map(\.tokens), lower: known.map(\.least), upper: known.map(\.greatest),
      color: .data.opacity(0.2))
    return [band, line]
  }

  private static func areAveraged(_ windows: [Range<Int>]) -> Bool {
    windows.contains { $0.count > 1 }
  }

  private func gradientCaption(_ windows: [Range<Int>]) -> String {
    let norms = training.compactMap(\.value.gradientNorm)
    let clipping =
      description.optimizer.clip.map { clip in
        let share = Double(norms.count { $0 > clip }) / Double(max(norms.count, 1))
        return "In \(Wording.decimal(100 * share))\u{A0}% of the steps the norm was above "
          + "\(Wording.decimal(clip, digits: 3)), and the gradient was scaled down to that."
      } ?? "Nothing was clipped."
    let averaging =
      Self.areAveraged(windows)
      ? " The line is the mean of each \(windows.first?.count ?? 1) steps, the band goes from the "
        + "least of them to the greatest." : ""
    return "The norm of the whole gradient before clipping, on a logarithmic axis. " + clipping
      + averaging
  }

  private func gradientLegend(_ windows: [Range<Int>]) -> [LegendEntry] {
    [LegendEntry(mark: .line, color: .data, label: "gradient norm")]
      + (Self.areAveraged(windows)
        ? [LegendEntry(mark: .band, color: .data, label: "least to greatest")] : [])
      + (description.optimizer.clip.map {
        [
          LegendEntry(
            mark: .dashed, color: .muted, label: "clipped above \(Wording.decimal($0, digits: 3))")
        ]
      } ?? []) + divergenceLegend
  }

  private var gradientTable: DataTable {
    DataTable(
      caption: "Gradient norm, \(tabledWords)",
      columns: [
        DataTable.Column("step", "Step"), DataTable.Column("tokens", "Tokens"),
        DataTable.Column("gradient_norm", "Gradient norm"),
      ],
      rows: tabledSteps.map {
        [.count($0.step), .quantity(Double($0.tokens)), .decimal($0.value.gradientNorm, digits: 4)]
      })
  }
}
