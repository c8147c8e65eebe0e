/// How far predicted losses are from measured ones.
package struct CurveAccuracy: Hashable, Codable, Sendable {
  /// R², the share of the losses' variance that the prediction explains.
  package var determination: Double
  package var meanAbsolute: Double
  package var rootMeanSquare: Double
  /// Over the measured loss, as is `worstRelative`.
  package var meanRelative: Double
  package var worstRelative: Double

  package init(
    determination: Double, meanAbsolute: Double, rootMeanSquare: Double, meanRelative: Double,
    worstRelative: Double
  ) {
    self.determination = determination
    self.meanAbsolute = meanAbsolute
    self.rootMeanSquare = rootMeanSquare
    self.meanRelative = meanRelative
    self.worstRelative = worstRelative
  }

  /// - Precondition: there is a loss, and as many predictions.
  package init(predicted: [Double], measured: [Double]) {
    precondition(
      predicted.count == measured.count && !measured.isEmpty,
      "\(predicted.count) predictions of \(measured.count) losses")
    let count = Double(measured.count)
    let errors = zip(predicted, measured).map { abs($0 - $1) }
    let relative = zip(errors, measured).map { $0 / $1 }
    let mean = measured.reduce(0, +) / count
    let squares = errors.reduce(0) { $0 + $1 * $1 }
    self.init(
      determination: 1 - squares / measured.reduce(0) { $0 + ($1 - mean) * ($1 - mean) },
      meanAbsolute: errors.reduce(0, +) / count, rootMeanSquare: (squares / count).squareRoot(),
      meanRelative: relative.reduce(0, +) / count, worstRelative: relative.max() ?? 0)
  }

  /// The mean of each figure over curves, as the authors of the multi-power law average theirs.
  package static func mean(of curves: [CurveAccuracy]) -> CurveAccuracy? {
    guard !curves.isEmpty else { return nil }
    func mean(_ value: (CurveAccuracy) -> Double) -> Double {
      curves.reduce(0) { $0 + value($1) } / Double(curves.count)
    }
    return CurveAccuracy(
      determination: mean(\.determination), meanAbsolute: mean(\.meanAbsolute),
      rootMeanSquare: mean(\.rootMeanSquare), meanRelative: mean(\.meanRelative),
      worstRelative: mean(\.worstRelative))
  }
}
