import RealModule
import Runs
import Studies

/// The training curves of one model size.
struct CurvePanel {
  enum Mark: CaseIterable {
    case end, above, diverged
  }

  struct Place {
    var mark: Mark
    var run: StudyRun
    /// `nil` where nothing is known of the place, so that it is at the left edge.
    var tokens: Double?
    var height: Double
    var words: String
  }

  let panel: StudyPanel
  let curves: [RunCurve]
  let window: LossWindow
  let rates: OrderedScale
  private let places: [Place]

  init(_ panel: StudyPanel, rates: OrderedScale) {
    self.panel = panel
    self.rates = rates
    let trunks = Dictionary(
      panel.runs.lazy.filter { $0.role == .trunk }.map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    let curves = panel.runs.map { run in
      RunCurve(run, trunk: run.trunk.flatMap { trunks[$0] })
    }.sorted { $0.run.learningRate < $1.run.learningRate }
    self.curves = curves
    let window = Self.window(curves)
    self.window = window
    places = curves.compactMap { Self.place(of: $0, in: window) }
  }

  /// Most ends at each horizon; where none has ended, the last three quarters of the curves.
  private static func window(_ curves: [RunCurve]) -> LossWindow {
    let ends = Dictionary(grouping: curves.compactMap(\.end), by: \.tokens).values
      .map { $0.map(\.loss) }
    guard ends.isEmpty else { return LossWindow(groups: ends) }
    let late = curves.flatMap { curve in
      curve.points.filter { 4 * $0.tokens >= curve.points.last?.tokens ?? 0 }
    }
    return LossWindow(groups: [late.map(\.loss)])
  }

  /// Where the end of a run is marked; `nil` of one that goes on, or that is only a trunk.
  private static func place(of curve: RunCurve, in window: LossWindow) -> Place? {
    let run = curve.run
    let start = "LR \(Quantity.learningRate(run.learningRate, digits: 3)), \(run.role.words)<br>"
    if run.state == .diverged {
      let seen = curve.lastSeen
      let isInView = seen.map { window.shows($0.loss) } ?? false
      return Place(
        mark: .diverged, run: run, tokens: seen.map { Double($0.tokens) },
        height: isInView ? seen?.loss ?? window.divergedHeight : window.divergedHeight,
        words: start + "diverged"
          + (seen.map {
            ", last seen at \(Quantity.format(Double($0.tokens))) tokens with loss "
              + Wording.decimal($0.loss, digits: 4)
          } ?? " before a loss was measured"))
    }
    guard let end = curve.end else { return nil }
    let isAbove = !window.shows(end.loss)
    return Place(
      mark: isAbove ? .above : .end, run: run, tokens: Double(end.tokens),
      height: isAbove ? window.aboveHeight : end.loss,
      words: start + "\(Quantity.format(Double(end.tokens))) tokens<br>final loss "
        + Wording.decimal(end.loss, digits: 5))
  }

  func marks(_ mark: Mark) -> [Place] { places.filter { $0.mark == mark } }

  /// The learning rates of the runs that can be seen.
  var shownRates: [Double] {
    curves.filter { !$0.points.isEmpty }.map(\.run.learningRate) + places.map(\.run.learningRate)
  }

  var isEmpty: Bool { curves.allSatisfy { $0.points.isEmpty } && places.isEmpty }

  /// Where the first of the curves comes down into the panel.
  var firstTokensInView: Double? {
    curves.flatMap(\.line).filter { $0.loss <= window.axis.upperBound }.map(\.tokens).min()
      .map(Double.init)
  }

  var shortestHorizon: Double? { curves.compactMap { $0.end?.tokens }.min().map(Double.init) }

  func plot(id: String, tokens: ClosedRange<Double>) -> Figure.Plot {
    Figure.Plot(
      id: id, heading: panel.heading, note: note, alt: "\(panel.heading): \(message).",
      description: PlotDescription(
        data: lines + Mark.allCases.compactMap { trace($0, from: tokens.lowerBound) },
        layout: PlotLayout(
          xAxis: .logarithmic(tokens, title: "Tokens trained on", mostTicks: 5) {
            Quantity.format($0)
          }, yAxis: window.lossAxis(title: LossWindow.title, mostTicks: 6))))
  }

  /// For each learning rate, a trace for what starts at the beginning and one for branches.
  private var lines: [ScatterTrace] {
    panel.learningRates.flatMap { rate -> [ScatterTrace] in
      let own = curves.filter { $0.run.learningRate == rate && $0.line.count > 1 }
      let trunks = own.filter { $0.run.role == .trunk }
      let branches = own.filter { $0.run.role == .branch }
      let wholes = own.filter { $0.run.role == .whole }
      return [
        Self.line(trunks + wholes, ScatterTrace.Line(color: rates.color(rate), width: 1)),
        Self.line(branches, ScatterTrace.Line(color: rates.color(rate), width: 1.75)),
      ].compactMap(\.self)
    }
  }

  /// Curves as one trace, apart from each other.
  private static func line(_ curves: [RunCurve], _ line: ScatterTrace.Line) -> ScatterTrace? {
    guard !curves.isEmpty else { return nil }
    var x: [Double] = []
    var y: [Double] = []
    var words: [String] = []
    for curve in curves {
      if !x.isEmpty {
        x.append(.nan)
        y.append(.nan)
        words.append("")
      }
      x += curve.line.map { Double($0.tokens) }
      y += curve.line.map(\.loss)
      let rate = Quantity.learningRate(curve.run.learningRate, digits: 3)
      words += curve.line.map {
        "LR \(rate), \(curve.run.role.words)<br>\(Quantity.format(Double($0.tokens))) tokens, loss "
          + Wording.decimal($0.loss, digits: 4)
      }
    }
    return .curve(x: x, y: y, words: words, line: line)
  }

  private func trace(_ mark: Mark, from start: Double) -> ScatterTrace? {
    let marked = marks(mark)
    guard !marked.isEmpty else { return nil }
    // A mark at the very edge would be half outside.
    return .points(
      x: marked.map { max($0.tokens ?? 0, 1.02 * start) }, y: marked.map(\.height),
      words: marked.map(\.words),
      marker: mark.marker(.each(marked.map { rates.color($0.run.learningRate) })))
  }

  private var note: String? {
    panel.best.map {
      "best \(Wording.decimal($0.loss ?? .nan, digits: 4)) at "
        + Quantity.learningRate($0.learningRate)
    }
  }

  private var message: String {
    let ended = curves.count { $0.end != nil }
    let diverged = marks(.diverged).count
    let best =
      panel.best.map {
        "the least final loss is \(Wording.decimal($0.loss ?? .nan, digits: 4)) at a learning rate of "
          + Quantity.learningRate($0.learningRate)
      } ?? "no run has ended with a loss"
    return "\(Wording.count(ended, "run")) ended, \(diverged) diverged; \(best)"
  }
}

extension CurvePanel.Mark {
  func marker(_ color: ScatterTrace.Coloring) -> ScatterTrace.Marker {
    let line = ScatterTrace.Line(color: .muted, width: 1.4)
    return switch self {
    case .end: ScatterTrace.Marker(size: 5.5, color: color)
    case .above: ScatterTrace.Marker(symbol: .triangle, size: 7, color: color, line: line)
    case .diverged: ScatterTrace.Marker(symbol: .cross, size: 7, color: color, line: line)
    }
  }
}
