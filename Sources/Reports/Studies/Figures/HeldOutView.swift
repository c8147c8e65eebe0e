import RealModule
import Runs
import ScalingLaws
import Studies

/// The held-out runs, and what the law said of them.
struct HeldOutView {
  let test: HeldOutTest
  private let errors: [String: Double]
  private let window: LossWindow

  init(_ test: HeldOutTest, runs: [StudyRun]) {
    self.test = test
    errors = Dictionary(
      runs.compactMap { run in run.lossStandardError.map { (run.id, $0) } },
      uniquingKeysWith: { first, _ in first })
    let losses = test.runs.compactMap(\.loss)
    window = LossWindow(
      groups: [losses], extent: [test.recommendedRun?.loss].compactMap(\.self))
  }

  var description: PlotDescription {
    let optimum = test.optimum
    return PlotDescription(
      data: [finishedMarks, aboveMarks, divergedMarks, recommendedMark, optimumMark]
        .compactMap(\.self),
      layout: PlotLayout(
        xAxis: .logarithmic(rates, title: "Learning rate", mostTicks: 7) { Wording.tick($0) },
        yAxis: lossAxis,
        shapes: [
          .strip(optimum.lower, optimum.upper, color: .answer.opacity(0.16)),
          .vertical(test.learningRate, ScatterTrace.Line(color: .answer, width: 1.5)),
        ]))
  }

  /// The range of losses, with room below the runs for the measured optimum.
  private var losses: ClosedRange<Double> {
    let axis = window.axis
    let room = test.measuredOptimum == nil ? 0 : 0.05 * (axis.upperBound - axis.lowerBound)
    return axis.lowerBound - room...axis.upperBound
  }

  private var lossAxis: PlotLayout.Axis {
    var axis = window.lossAxis(title: LossWindow.title, mostTicks: 7)
    axis.range = [PlotNumber(losses.lowerBound), PlotNumber(losses.upperBound)]
    return axis
  }

  /// The rates tried, with the intervals as far as they are not much wider.
  private var rates: ClosedRange<Double> {
    let tried = test.runs.map(\.learningRate) + [test.learningRate]
    let low = (tried.min() ?? test.learningRate) / 2
    let high = 2 * (tried.max() ?? test.learningRate)
    let ends = [test.optimum, test.measuredOptimum].compactMap(\.self).flatMap {
      [$0.lower, $0.upper]
    }
    return .logarithmic(around: tried + ends.map { min(max($0, low), high) }, margin: 0.05)
  }

  private func words(_ run: HeldOutTest.Run) -> String {
    "LR \(Quantity.learningRate(run.learningRate, digits: 3))<br>"
      + (run.loss.map { "loss \(Wording.measured($0, errors[run.id]))" } ?? "diverged")
  }

  private func marks(
    _ runs: [HeldOutTest.Run], at height: (HeldOutTest.Run) -> Double, _ marker: ScatterTrace.Marker
  ) -> ScatterTrace? {
    runs.isEmpty
      ? nil
      : .points(
        x: runs.map(\.learningRate), y: runs.map(height), words: runs.map(words), marker: marker)
  }

  private func withBars(_ trace: ScatterTrace?, _ runs: [HeldOutTest.Run], _ color: PlotColor)
    -> ScatterTrace?
  {
    var trace = trace
    trace?.errorY = ScatterTrace.ErrorBar(
      runs.map { run in
        let loss = run.loss ?? .nan
        let error = errors[run.id] ?? 0
        return (loss, loss - error, loss + error)
      }, color: color)
    return trace
  }

  private var finishedMarks: ScatterTrace? {
    let runs = test.runs.filter { run in
      run.id != test.recommendedRun?.id && run.loss.map { window.shows($0) } ?? false
    }
    return withBars(
      marks(runs, at: { $0.loss ?? .nan }, ScatterTrace.Marker(size: 8, color: .all(.data))), runs,
      .data)
  }

  private var recommendedMark: ScatterTrace? {
    let runs = [test.recommendedRun].compactMap(\.self).filter { $0.loss != nil }
    return withBars(
      marks(
        runs, at: { $0.loss ?? .nan },
        ScatterTrace.Marker(symbol: .diamond, size: 12, color: .all(.answer))), runs, .answer)
  }

  private var aboveMarks: ScatterTrace? {
    let line = ScatterTrace.Line(color: .data, width: 1.4)
    return marks(
      aboveRuns, at: { _ in window.aboveHeight },
      ScatterTrace.Marker(symbol: .triangle, size: 8, color: .all(.data), line: line))
  }

  var aboveRuns: [HeldOutTest.Run] {
    test.runs.filter { $0.loss.map { !window.shows($0) } ?? false }
  }

  private var divergedMarks: ScatterTrace? {
    let line = ScatterTrace.Line(color: .muted, width: 1.6)
    return marks(
      test.divergedRuns, at: { _ in window.divergedHeight },
      ScatterTrace.Marker(symbol: .cross, size: 8, color: .all(.muted), line: line))
  }

  /// The measured optimum with its interval, below the runs.
  private var optimumMark: ScatterTrace? {
    test.measuredOptimum.map { optimum in
      var mark = ScatterTrace.points(
        x: [optimum.value],
        y: [losses.lowerBound + 0.03 * (losses.upperBound - losses.lowerBound)],
        words: [
          "measured optimum \(Quantity.learningRate(optimum.value, digits: 3)) "
            + "(\(Wording.rates(optimum.lower, optimum.upper)))"
        ], marker: ScatterTrace.Marker(symbol: .diamond, size: 9, color: .all(.ink)))
      mark.errorX = ScatterTrace.ErrorBar(
        [(optimum.value, optimum.lower, optimum.upper)], color: .ink, thickness: 2)
      return mark
    }
  }
}

extension HeldOutTest {
  var best: Run? {
    runs.filter { $0.loss != nil }.min { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) }
  }

  var divergedRuns: [Run] { runs.filter { $0.loss == nil } }
}
