import RealModule
import Runs
import ScalingLaws

/// The losses at the end of one model size against the horizon.
struct HorizonPanel {
  let law: HorizonLaw
  let rates: OrderedScale
  let heading: String
  private let window: LossWindow

  init(_ law: HorizonLaw, hasBatches: Bool, rates: OrderedScale) {
    self.law = law
    self.rates = rates
    let batch = hasBatches ? law.batchTokens : nil
    heading =
      "\(Quantity.format(law.params)) params"
      + (batch.map { ", batch \(Quantity.format($0))" } ?? "")
    let losses = law.curves.flatMap { $0.measured + $0.predicted }
    let least = losses.map(\.loss.value).filter(\.isFinite).min() ?? 1
    window = LossWindow(
      groups: Dictionary(grouping: losses, by: \.tokens).values.map { $0.map(\.loss.value) },
      extent: Self.bestBars(law, near: least))
  }

  /// The intervals of the best curve's predictions, unless they are so wide as to hide the rest.
  private static func bestBars(_ law: HorizonLaw, near least: Double) -> [Double] {
    law.curves.flatMap(\.predicted).map(\.loss).filter { $0.value < 1.05 * least }
      .map(\.lower).filter { $0 > 0.95 * least }
  }

  var tokens: [Double] { law.curves.flatMap { $0.measured + $0.predicted }.map(\.tokens) }

  /// The losses that are not shown in their place.
  var aboveCount: Int {
    law.curves.flatMap { $0.measured + $0.predicted }.count { !window.shows($0.loss.value) }
  }

  /// γ with its interval.
  var exponentWords: String {
    let exponent = law.exponent
    return "\(Wording.exponent(exponent.value)) (\(Wording.exponent(exponent.lower)) to "
      + "\(Wording.exponent(exponent.upper)))"
  }

  func plot(id: String, tokens: ClosedRange<Double>) -> Figure.Plot {
    Figure.Plot(
      id: id, heading: heading, note: "γ = \(exponentWords)", alt: message,
      description: PlotDescription(
        data: law.curves.compactMap(line)
          + law.curves.compactMap {
            $0.predictedMarks(rates.color($0.learningRate), in: window)
          } + [measuredMarks, aboveMarks].compactMap(\.self),
        layout: PlotLayout(
          xAxis: .logarithmic(tokens, title: "Horizon (tokens)", mostTicks: 5) {
            Quantity.format($0)
          }, yAxis: window.lossAxis(title: "Annealed loss", mostTicks: 6))))
  }

  private func line(_ curve: HorizonCurve) -> ScatterTrace? {
    curve.line(exponent: law.exponent.value).map { line in
      .curve(
        x: line.tokens, y: line.losses,
        line: ScatterTrace.Line(color: rates.color(curve.learningRate), width: 1.5))
    }
  }

  private var measuredMarks: ScatterTrace? {
    let marked = law.curves.flatMap { curve in
      curve.measured.filter { window.shows($0.loss.value) }.map { (curve.learningRate, $0) }
    }
    guard !marked.isEmpty else { return nil }
    return .points(
      x: marked.map(\.1.tokens), y: marked.map(\.1.loss.value),
      words: marked.map { $1.words("measured", rate: $0) },
      marker: ScatterTrace.Marker(size: 6.5, color: .each(marked.map { rates.color($0.0) })))
  }

  /// What is above the panel, at its top.
  private var aboveMarks: ScatterTrace? {
    let marked = law.curves.flatMap { curve in
      (curve.measured.map { ("measured", $0) } + curve.predicted.map { ("predicted", $0) })
        .filter { !window.shows($0.1.loss.value) }.map { (curve.learningRate, $0.0, $0.1) }
    }
    guard !marked.isEmpty else { return nil }
    return .points(
      x: marked.map(\.2.tokens), y: marked.map { _ in window.aboveHeight },
      words: marked.map { $2.words($1, rate: $0) },
      marker: ScatterTrace.Marker(
        symbol: .triangle, size: 7, color: .each(marked.map { rates.color($0.0) }),
        line: ScatterTrace.Line(color: .muted, width: 1.4)))
  }

  private var message: String {
    let measured = law.curves.reduce(0) { $0 + $1.measured.count }
    let predicted = law.curves.reduce(0) { $0 + $1.predicted.count }
    return "\(heading): \(Wording.count(measured, "measured loss", "measured losses")) and "
      + "\(predicted) predicted along \(Wording.count(law.curves.count, "trunk")), exponent "
      + "\(exponentWords)."
  }
}

extension HorizonCurve {
  /// The law from the shortest horizon to the longest; `nil` where there is one only.
  func line(exponent: Double) -> (tokens: [Double], losses: [Double])? {
    let horizons = (measured + predicted).map(\.tokens)
    guard let first = horizons.min(), let last = horizons.max(), first < last else { return nil }
    let places = OrderedScale.places(from: first, to: last, count: 25)
    return (places, places.map { floor + excess * .pow($0 / reference, -exponent) })
  }

  /// The predicted horizons that `window` shows, with their intervals.
  func predictedMarks(_ color: PlotColor, in window: LossWindow) -> ScatterTrace? {
    let shown = predicted.filter { window.shows($0.loss.value) }
    guard !shown.isEmpty else { return nil }
    var marks = ScatterTrace.points(
      x: shown.map(\.tokens), y: shown.map(\.loss.value),
      words: shown.map { $0.words("predicted", rate: learningRate) },
      marker: ScatterTrace.Marker(
        symbol: .hollow, size: 7.5, color: .all(color),
        line: ScatterTrace.Line(color: color, width: 1.75)))
    marks.errorY = ScatterTrace.ErrorBar(
      shown.map { ($0.loss.value, $0.loss.lower, $0.loss.upper) }, color: color)
    return marks
  }
}

extension HorizonLoss {
  func words(_ what: String, rate: Double) -> String {
    let interval =
      loss.lower < loss.upper
      ? " (\(Wording.decimal(loss.lower, digits: 4)) to \(Wording.decimal(loss.upper, digits: 4)))"
      : ""
    return "LR \(Quantity.learningRate(rate, digits: 3)), \(Quantity.format(tokens)) tokens<br>"
      + "\(what) \(Wording.decimal(loss.value, digits: 5))\(interval)"
  }
}
