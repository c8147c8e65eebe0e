import RealModule
import Runs

extension RunReport {
  /// The loss over the run, whole and near its end; `nil` where no loss was a number.
  var lossFigure: Figure? {
    let losses = training.compactMap(\.value.loss) + validations.compactMap(\.value.loss)
    guard !losses.isEmpty else { return nil }
    return Figure(
      id: "loss", title: "Loss", caption: lossCaption, legend: lossLegend, arrangement: .pair,
      plots: [wholePlot, zoomedPlot], table: lossTable)
  }

  private var wholePlot: Figure.Plot {
    let points = training.points(CurveWindows.widening(training.count), of: \.loss)
    let shown = validations.filter { $0.tokens > 0 }
    let heights = LossHeights(
      points: points, validations: shown, floor: manifest.corpus.lossFloor, cap: lossCap)
    return Figure.Plot(
      id: "loss-whole", heading: "From the first step", note: "tokens on a logarithmic axis",
      alt: "Loss against tokens on a logarithmic axis: \(lossMessage)",
      description: PlotDescription(
        data: lossTraces(points, shown),
        layout: lossLayout(
          .logarithmicTokens(points.map(\.tokens) + shown.map { Double($0.tokens) }, mostTicks: 5),
          heights.range)))
  }

  private var zoomedPlot: Figure.Plot {
    let points = training.points(CurveWindows.even(training.count), of: \.loss)
    let from = Self.zoomedShare * Double(tokensDone)
    let heights = LossHeights(
      points: points.filter { $0.tokens >= from },
      validations: validations.filter { Double($0.tokens) >= from },
      floor: manifest.corpus.lossFloor, cap: lossCap)
    let isCut = points.contains { $0.tokens < from && $0.mean > heights.range.upperBound }
    return Figure.Plot(
      id: "loss-zoomed", heading: isCut ? "After the first tenth" : "The same, evenly",
      note: "tokens on a linear axis\(isCut ? "; the fall before is cut off above" : "")",
      alt: "Loss against tokens on a linear axis\(isCut ? ", after the first tenth" : "").",
      description: PlotDescription(
        data: lossTraces(points, validations),
        layout: lossLayout(.tokens(upTo: Double(tokensDone), mostTicks: 6), heights.range)))
  }

  /// The part of the run so far whose fall would hide all that follows.
  private static let zoomedShare = 0.1

  /// Where a figure ends above: a run that has lost its way may go up by many powers of ten.
  private var lossCap: Double {
    1.25 * (training.lazy.compactMap(\.value.loss).first ?? .infinity)
  }

  private func lossTraces(
    _ points: [CurvePoint], _ validations: [Logged<TrainingEvent.Validation>]
  ) -> [ScatterTrace] {
    let curve = ScatterTrace.curve(
      x: points.map(\.tokens), y: points.map(\.mean),
      words: points.map { "\($0.stepWords)<br>training \(Wording.decimal($0.mean, digits: 4))" },
      line: ScatterTrace.Line(color: .data, width: 1))
    let measured = validations.compactMap { event in
      event.value.loss.map { (event, $0, event.value.standardError ?? 0) }
    }
    var marks = ScatterTrace.points(
      x: measured.map { Double($0.0.tokens) }, y: measured.map(\.1),
      words: measured.map { event, loss, error in
        "step \(Wording.count(event.step))<br>held-out \(Wording.measured(loss, error))"
      }, marker: ScatterTrace.Marker(size: 6.5, color: .all(.ink)))
    marks.errorY = ScatterTrace.ErrorBar(
      measured.map { ($0.1, $0.1 - $0.2, $0.1 + $0.2) }, color: .ink, thickness: 1.5)
    return [curve, marks]
  }

  private func lossLayout(_ xAxis: PlotLayout.Axis, _ range: ClosedRange<Double>) -> PlotLayout {
    let floor = manifest.corpus.lossFloor.map {
      PlotLayout.Shape.horizontal(
        $0, ScatterTrace.Line(color: .muted, width: 1.5, dash: .dash))
    }
    return PlotLayout(
      xAxis: xAxis,
      yAxis: .linear(range, title: "Loss (nats per token)", mostTicks: 7) {
        Wording.decimal($0, digits: 4)
      }, shapes: [floor].compactMap(\.self) + divergenceMark)
  }

  private var lossLegend: [LegendEntry] {
    [
      LegendEntry(mark: .line, color: .data, label: "training"),
      LegendEntry(mark: .dot, color: .ink, label: "held-out text, ± standard error"),
    ]
      + (manifest.corpus.lossFloor.map {
        [
          LegendEntry(
            mark: .dashed, color: .muted,
            label: "floor of the corpus, \(Wording.decimal($0, digits: 4))")
        ]
      } ?? []) + divergenceLegend
  }
}

/// How much of the vertical axis a plot of losses shows.
private struct LossHeights {
  let range: ClosedRange<Double>

  init(
    points: [CurvePoint], validations: [Logged<TrainingEvent.Validation>], floor: Double?,
    cap: Double
  ) {
    let measured = validations.flatMap { event -> [Double] in
      guard let loss = event.value.loss else { return [] }
      let error = event.value.standardError ?? 0
      return [loss - error, loss + error]
    }
    let shown = (points.map(\.mean) + measured).filter(\.isFinite)
    let top = min(shown.max() ?? 1, cap)
    let bottom = min(shown.min() ?? 0, floor ?? .infinity, top)
    let room = max(0.05 * (top - bottom), 1e-3 * top)
    range = bottom - room...top + room
  }
}
