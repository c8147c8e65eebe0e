import RealModule

/// Places on a line with the weight that a density gives each, finer where there is more of it.
///
/// A density with little data is a narrow peak on wide tails, and neither may be lost.
struct WeightedGrid {
  private(set) var places: [Double]
  /// Natural logs, up to a constant; an element for each place.
  var logDensities: [Double]

  /// Places closer than this are not told apart.
  private static let leastSpacing = 1e-9

  /// Evenly spaced places, at which the density is yet to be set.
  init(_ range: ClosedRange<Double>, count: Int) {
    places = (0..<count).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count - 1)
    }
    logDensities = places.map { _ in 0 }
  }

  /// By the trapezoidal rule; they sum to 1.
  var weights: [Double] {
    let top = logDensities.max() ?? 0
    let masses = places.indices.map { index in
      let reach = places[min(index + 1, places.count - 1)] - places[max(index - 1, 0)]
      return .exp(logDensities[index] - top) * reach
    }
    let total = masses.reduce(0, +)
    return masses.map { $0 / total }
  }

  /// Where the grid is to be refined and at which index, or `nil` when no place weighs more than
  /// `heaviest`.
  func nextPlace(heaviest: Double) -> (index: Int, place: Double)? {
    let weights = weights
    guard let top = weights.indices.max(by: { weights[$0] < weights[$1] }),
      weights[top] > heaviest
    else { return nil }
    let below = top > 0 ? places[top] - places[top - 1] : 0
    let above = top < places.count - 1 ? places[top + 1] - places[top] : 0
    guard max(below, above) > Self.leastSpacing else { return nil }
    return above > below
      ? (top + 1, places[top] + above / 2) : (top, places[top] - below / 2)
  }

  mutating func insert(_ place: Double, logDensity: Double, at index: Int) {
    places.insert(place, at: index)
    logDensities.insert(logDensity, at: index)
  }
}
