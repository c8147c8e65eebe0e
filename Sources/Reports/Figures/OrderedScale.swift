import RealModule

/// Places quantities on the ordered colour scale, by their logarithm.
struct OrderedScale {
  private let low: Double
  private let high: Double

  init(_ values: [Double]) {
    low = .log(values.min() ?? 1)
    high = .log(values.max() ?? 1)
  }

  func color(_ value: Double) -> PlotColor {
    .scale(high > low ? (.log(value) - low) / (high - low) : 0.5)
  }

  /// A few of `values` that stand for all, ascending, with the ends among them.
  static func examples(of values: [Double], most: Int) -> [Double] {
    let distinct = Set(values).sorted()
    guard distinct.count > most, most > 1, let low = distinct.first, let high = distinct.last
    else { return distinct }
    let even = (0..<most).map { step in
      Double.log(low) + .log(high / low) * Double(step) / Double(most - 1)
    }
    let nearest = even.map { place in
      distinct.min { abs(.log($0) - place) < abs(.log($1) - place) } ?? low
    }
    return Set(nearest).sorted()
  }

  /// Evenly spaced places on a logarithmic axis.
  static func places(from low: Double, to high: Double, count: Int) -> [Double] {
    (0..<count).map { low * .pow(high / low, Double($0) / Double(count - 1)) }
  }
}

extension ClosedRange<Double> {
  /// The range of positive `values`, widened at both ends by a share of its length in logs.
  static func logarithmic(around values: [Double], margin: Double) -> ClosedRange<Double> {
    let low = values.min() ?? 1
    let high = values.max() ?? 1
    // Values that are all but one still need room for ticks on both sides.
    let least = high / low < 1.5 ? 1.5 : 1.05
    let widening = Double.pow(high / low, margin) * least
    return low / widening...high * widening
  }
}
