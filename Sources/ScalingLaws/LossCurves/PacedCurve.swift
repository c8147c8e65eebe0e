/// A loss curve with the path of its learning rate.
///
/// Of a log of very many rows only some hundred are kept, by `CurveThinning`; sums of rates are still
/// those of all rows. Its accuracy is then that on the rows kept.
package struct PacedCurve: Hashable, Sendable {
  package let curve: LossCurve
  package let path: LearningRatePath
  /// The knot of each of the curve's points.
  package let knots: [Int]
  /// The points that a law is judged by: those with a loss, after the warm-up.
  package let judged: [Int]
  /// Those of `judged` that a law is fitted to.
  package let fitted: [Int]
  /// Whether `fitted` was thinned to points that stand evenly in log step.
  private let isEven: Bool

  /// The path between rows is a line, but a change between two flat stretches is one step.
  ///
  /// - Parameters:
  ///   - curve: A log, which may begin after the warm-up.
  ///   - warmupSteps: How long the rate rose from 0 where the log does not show it.
  package init(_ curve: LossCurve, warmupSteps: Int) {
    let points = curve.points
    let (path, knots) = Self.path(of: points, warmupSteps: warmupSteps)
    let start = max(warmupSteps, curve.recordedWarmupEnd, 1)
    let judged = points.indices.filter { points[$0].loss != nil && points[$0].step >= start }
    let fitted = CurveThinning.even(judged, of: curve)
    isEven = fitted != judged
    guard points.count > CurveThinning.mostRows else {
      self.curve = curve
      self.path = path
      self.knots = knots
      self.judged = judged
      self.fitted = fitted
      return
    }
    let rows = CurveThinning.rows(of: curve, fitted: fitted)
    var places = Array(0...knots[0])
    var rowKnots = [places.count - 1]
    for (row, next) in zip(rows, rows.dropFirst()) {
      // Neighbours keep what is between them: the step of a sudden change.
      places += next == row + 1 ? Array((knots[row] + 1)...knots[next]) : [knots[next]]
      rowKnots.append(places.count - 1)
    }
    self.curve = curve.keeping(rows)
    self.path = path.keeping(places)
    self.knots = rowKnots
    let chosen = Set(fitted)
    let kept = rows.indices.filter { chosen.contains(rows[$0]) }
    self.fitted = kept
    self.judged = kept
  }

  /// The path along all rows, with the knot of each.
  private static func path(
    of points: [LossCurve.Point], warmupSteps: Int
  ) -> (path: LearningRatePath, knots: [Int]) {
    let first = points[0]
    var path = LearningRatePath.warmup(
      to: first.learningRate, over: min(warmupSteps, first.step))
    path.hold(first.step - path.end.step)
    var knots = [path.knots.count - 1]
    for index in 1..<points.count {
      let point = points[index]
      let steps = point.step - points[index - 1].step
      let isFlat = { (place: Int) in
        !points.indices.contains(place - 1) || !points.indices.contains(place)
          || points[place - 1].learningRate == points[place].learningRate
      }
      if !isFlat(index), isFlat(index - 1), isFlat(index + 1) {
        path.hold(steps - 1)
        path.ramp(to: point.learningRate, over: 1)
      } else {
        path.ramp(to: point.learningRate, over: steps)
      }
      knots.append(path.knots.count - 1)
    }
    return (path, knots)
  }

  /// What each of `fitted` counts, so that each stretch of log step counts alike.
  ///
  /// A log that is written evenly in steps has most of its points late, where they say nearly the
  /// same. Thinned points stand evenly in log step already.
  var shares: [Double] {
    guard !isEven else { return fitted.map { _ in 1 } }
    let floor = CurveThinning.startShare * Double(curve.lastStep)
    return fitted.map { 1 / max(Double(curve.points[$0].step), floor) }
  }

  /// The measured losses of `fitted`.
  var fittedLosses: [Double] { fitted.compactMap { curve.points[$0].loss } }

  /// The loss that all of `judged` have, where it is one: it tells nothing of a law.
  var constantLoss: Double? {
    let losses = losses
    guard let first = losses.first else { return nil }
    return losses.allSatisfy { $0 == first } ? first : nil
  }

  /// The measured losses of `judged`.
  package var losses: [Double] { judged.compactMap { curve.points[$0].loss } }
}
