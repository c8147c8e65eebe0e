import RealModule
import ScalingLaws

/// The rates of published laws along tokens, at the model of a target.
struct PublishedCurves {
  /// One law along the places.
  struct Curve {
    let name: String
    let color: PlotColor
    /// The rate at the target.
    let rate: Double
    let rates: [Double]
    /// Whether each place lies inside every range that the law states.
    let inside: [Bool]
  }

  let places: [Double]
  /// From the highest rate at the target to the lowest.
  let curves: [Curve]

  init(_ comparison: PublishedComparison, in range: ClosedRange<Double>) {
    places = OrderedScale.places(from: range.lowerBound, to: range.upperBound, count: 41)
    let shown = comparison.answers.filter { $0.isComparable && $0.bestRate != nil }
      .sorted { ($0.bestRate ?? 0, $1.law.id) > ($1.bestRate ?? 0, $0.law.id) }
    let places = places
    curves = shown.enumerated().compactMap { rank, answer in
      let along = places.map {
        PublishedAnswer(
          answer.law, for: comparison.target.at(tokens: $0), anchors: comparison.anchors)
      }
      let rates = along.compactMap(\.bestRate)
      guard rates.count == places.count, let rate = answer.bestRate else { return nil }
      return Curve(
        name: answer.law.name,
        color: .scale(shown.count > 1 ? Double(rank) / Double(shown.count - 1) : 0.5), rate: rate,
        rates: rates, inside: along.map { $0.status == .inside })
    }
  }

  /// A dashed line for each law, and a solid one where it was fitted.
  var traces: [ScatterTrace] {
    curves.flatMap { curve -> [ScatterTrace] in
      let words = zip(places, curve.rates).map { place, rate in
        "\(curve.name)<br>\(Wording.tick(rate)) on \(PublishedFigure.tokens(place)) tokens"
      }
      let whole = ScatterTrace.curve(
        x: places, y: curve.rates, words: words,
        line: ScatterTrace.Line(color: curve.color, width: 1.5, dash: .dash))
      let solid = curve.inside.indices.filter { curve.inside[$0] }
      guard solid.count > 1 else { return [whole] }
      return [
        whole,
        .curve(
          x: solid.map { places[$0] }, y: solid.map { curve.rates[$0] },
          line: ScatterTrace.Line(color: curve.color, width: 3)),
      ]
    }
  }

  var legend: [LegendEntry] {
    curves.map {
      LegendEntry(
        mark: .line, color: $0.color, label: "\($0.name) \(Wording.tick($0.rate))")
    }
  }
}
