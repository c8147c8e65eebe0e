import RealModule
import ScalingLaws

/// The law along one axis: at the target's value of the other axis, and at values of the runs.
struct RateCurves {
  let axis: ScaleAxis
  let other: ScaleAxis
  /// Colours by the other axis.
  let scale: OrderedScale
  let range: ClosedRange<Double>
  let places: [Double]
  /// The answer at each place, with its interval.
  let answers: [Estimate]
  /// The rates at each place for a few values of the other axis, among those of the runs.
  let lines: [(value: Double, rates: [Double])]
  /// The values of the other axis that the legend names.
  let examples: [Double]
  /// All rates that should be in view.
  let heights: [Double]

  init(_ report: Report, along axis: ScaleAxis, colored other: ScaleAxis) {
    self.axis = axis
    self.other = other
    let cells = report.locatedCells
    let law = report.law
    let target = report.target
    let others = cells.map { $0.scale[keyPath: other.value] }
    scale = OrderedScale(others)
    examples = OrderedScale.examples(of: others, most: 3)
    range = .logarithmic(
      around: cells.map { $0.scale[keyPath: axis.value] } + [target[keyPath: axis.value]],
      margin: 0.06)
    // A place that hits a size of the runs would show that size's own offset as a dent in the line.
    let places = OrderedScale.places(from: range.lowerBound, to: range.upperBound, count: 33)
      .map { $0.nextUp }
    self.places = places
    answers = places.map { place in
      var scale = target
      scale[keyPath: axis.value] = place
      return report.answeringLaw.estimate(
        at: scale, measured: true,
        confidence: report.recommendation.confidence)
    }
    // A line next to the target's would only blur it.
    lines = examples.filter { abs(.log($0 / target[keyPath: other.value])) > 0.1 }.map { value in
      let rates = places.map { place in
        var scale = RunScale(params: value, tokens: value, activeShare: target.activeShare)
        scale[keyPath: axis.value] = place
        return law.rate.value(at: scale)
      }
      return (value, rates)
    }
    heights =
      answers.flatMap { [$0.lower, $0.upper] }
      + cells.compactMap(\.optimum).flatMap { [$0.value / 1.1, $0.value * 1.1] }
  }
}
