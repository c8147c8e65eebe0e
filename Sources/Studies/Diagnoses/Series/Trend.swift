import RealModule
import ScalingLaws

/// A straight line through values, with an error that knows that neighbours are alike.
package struct Trend: Hashable, Codable, Sendable {
  /// The change from the first place to the last, and its standard error.
  package var change: Double
  package var error: Double

  /// Fewer points tell no line from noise.
  package static let leastPoints = 6
  /// The errors beyond which a change counts as seen: by chance once in a thousand lines, with as many
  /// points as there are.
  package let clearErrors: Double
  private static let chance = 1e-3

  /// - Parameter points: Values that are numbers, at ascending places.
  package init?(_ points: [(place: Double, value: Double)]) {
    guard points.count >= Self.leastPoints, let first = points.first, let last = points.last,
      last.place > first.place
    else { return nil }
    let count = Double(points.count)
    let meanPlace = points.reduce(0) { $0 + $1.place } / count
    let meanValue = points.reduce(0) { $0 + $1.value } / count
    let square = points.reduce(0) { $0 + ($1.place - meanPlace) * ($1.place - meanPlace) }
    let slope =
      points.reduce(0) { $0 + ($1.place - meanPlace) * ($1.value - meanValue) } / square
    let residuals = points.map { $0.value - meanValue - slope * ($0.place - meanPlace) }
    let sum = residuals.reduce(0) { $0 + $1 * $1 }
    let neighbours = zip(residuals, residuals.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    // As if there were fewer points: those of a smooth curve say nearly the same.
    let likeness = sum > 0 ? min(max(neighbours / sum, 0), Self.mostLikeness) : 0
    clearErrors = studentQuantile(1 - Self.chance, degrees: points.count - 2)
    let length = last.place - first.place
    change = slope * length
    error =
      length * (sum / (count - 2) / square * (1 + likeness) / (1 - likeness)).squareRoot()
  }

  private static let mostLikeness = 0.9

  package var isClearRise: Bool { change > 0 && change > clearErrors * error }
  package var isClearFall: Bool { change < 0 && -change > clearErrors * error }
}

extension Trend {
  /// The line through the logarithms of positive values over the second half of a run.
  ///
  /// The first half has the warm-up and the first learning, where everything grows.
  ///
  /// - Parameters:
  ///   - values: By step, ascending.
  ///   - steps: The steps made.
  /// - Returns: The change of the logarithm; `nil` for too few values.
  package static func late(_ values: [(step: Int, value: Double)], of steps: Int) -> Trend? {
    Trend(
      values.filter { 2 * $0.step > steps && $0.value > 0 && $0.value.isFinite }
        .map { (Double($0.step), .log($0.value)) })
  }
}
