import RealModule
import Runs
import ScalingLaws
import Studies

/// One trunk, its branches, and the law through their ends.
struct TrunkView {
  let trunk: RunCurve
  /// Those with a loss, by ascending horizon.
  let branches: [RunCurve]
  let training: [StudyRun.CurvePoint]
  /// What was trained, in words.
  let heading: String
  let curve: HorizonCurve?
  let exponent: Double
  private let window: LossWindow

  init(_ run: StudyRun, branches: [StudyRun], heading: String, horizons: HorizonSearch?) {
    self.heading = heading
    trunk = RunCurve(run, trunk: nil)
    self.branches = branches.sorted { $0.tokens < $1.tokens }.map { RunCurve($0, trunk: run) }
      .filter { !$0.points.isEmpty || $0.end != nil }
    training = run.training.filter { $0.loss.isFinite && $0.tokens > 0 }.thinned(to: Self.most)
    let own = horizons?.law(of: run)
    curve = own?.curve
    exponent = own?.law.exponent.value ?? 0
    let ends = self.branches.compactMap { $0.end?.loss }
    let predicted = (curve?.predicted ?? []).map(\.loss.value)
    // The trunk as it is when the first branch leaves it, or half done.
    let half = (trunk.points.last?.tokens ?? 0) / 2
    let from = branches.lazy.compactMap(\.branchTokens).min() ?? half
    let late = trunk.points.filter { $0.tokens >= min(from, half) }.map(\.loss)
    window = LossWindow(groups: [late], extent: late.prefix(1) + ends + predicted)
  }

  /// A line of training losses with more points than this only gets darker.
  private static let most = 160

  var description: PlotDescription {
    PlotDescription(
      data: [trainingLine, trunkLine] + branches.map(branchLine) + [branchEnds].compactMap(\.self)
        + lawTraces,
      layout: PlotLayout(
        xAxis: .logarithmic(tokens, title: "Tokens trained on", mostTicks: 7) {
          Quantity.format($0)
        }, yAxis: window.lossAxis(title: "Loss", mostTicks: 7)))
  }

  private var tokens: ClosedRange<Double> {
    let starts = trunk.points.filter { $0.loss <= window.axis.upperBound }.prefix(1)
    let ends = (branches + [trunk]).flatMap(\.points).map { Double($0.tokens) }
    return .logarithmic(
      around: starts.map { Double($0.tokens) } + [ends.max() ?? 1] + lawTokens, margin: 0.02)
  }

  private var lawTokens: [Double] {
    ((curve?.measured ?? []) + (curve?.predicted ?? [])).map(\.tokens)
  }

  private var trainingLine: ScatterTrace {
    .curve(
      x: training.map { Double($0.tokens) }, y: training.map(\.loss),
      line: ScatterTrace.Line(color: .data.opacity(0.4), width: 0.75))
  }

  private var trunkLine: ScatterTrace {
    .curve(
      x: trunk.points.map { Double($0.tokens) }, y: trunk.points.map(\.loss),
      words: trunk.points.map { words("trunk", $0) },
      line: ScatterTrace.Line(color: .data, width: 2))
  }

  private func branchLine(_ branch: RunCurve) -> ScatterTrace {
    .curve(
      x: branch.line.map { Double($0.tokens) }, y: branch.line.map(\.loss),
      words: branch.line.map {
        words("branch to \(Quantity.format(Double(branch.run.tokens)))", $0)
      }, line: ScatterTrace.Line(color: .ink, width: 1.5))
  }

  private var branchEnds: ScatterTrace? {
    let ends = branches.compactMap(\.end)
    guard !ends.isEmpty else { return nil }
    return .points(
      x: ends.map { Double($0.tokens) }, y: ends.map(\.loss),
      words: ends.map { words("end", $0) },
      marker: ScatterTrace.Marker(size: 8, color: .all(.ink)))
  }

  private func words(_ what: String, _ point: StudyRun.CurvePoint) -> String {
    "\(what)<br>\(Quantity.format(Double(point.tokens))) tokens, loss "
      + Wording.decimal(point.loss, digits: 4)
  }

  private var lawTraces: [ScatterTrace] {
    guard let curve, let line = curve.line(exponent: exponent) else { return [] }
    let law = ScatterTrace.curve(
      x: line.tokens, y: line.losses,
      line: ScatterTrace.Line(color: .answer, width: 1.75, dash: .dash))
    return [law] + [curve.predictedMarks(.answer, in: window)].compactMap(\.self)
  }
}

extension HorizonSearch {
  /// The law along `trunk`, with the law of its size; by scale and rate where trunks have no names.
  func law(of trunk: StudyRun) -> (law: HorizonLaw, curve: HorizonCurve)? {
    let pairs = laws.lazy.flatMap { law in law.curves.map { (law: law, curve: $0) } }
    return pairs.first { $0.curve.trunk == trunk.id }
      ?? pairs.first { law, curve in
        curve.trunk == nil && law.params == trunk.params
          && curve.learningRate == trunk.learningRate
          && law.batchTokens.map { $0 == Double(trunk.batchTokens) } ?? true
      }
  }
}
