/// The training loss of one run along its steps, with the learning rate at each.
package struct LossCurve: Hashable, Sendable {
  /// One row of a log.
  package struct Point: Hashable, Sendable {
    package var step: Int
    package var learningRate: Double
    /// In nats per token, or the unit of all curves; `nil` of a run that is only planned.
    package var loss: Double?

    package init(step: Int, learningRate: Double, loss: Double?) {
      self.step = step
      self.learningRate = learningRate
      self.loss = loss
    }
  }

  package let name: String
  /// By ascending step.
  package let points: [Point]

  /// - Throws: `.fewPoints`, `.stepsOutOfOrder` or `.badRate`.
  package init(name: String, points: [Point]) throws(LossCurveError) {
    guard points.count >= 2 else { throw .fewPoints(name, found: points.count, needed: 2) }
    for (previous, point) in zip(points, points.dropFirst()) where point.step <= previous.step {
      throw .stepsOutOfOrder(name, previous.step, point.step)
    }
    for point in points {
      guard point.step >= 0, point.learningRate >= 0, point.learningRate.isFinite else {
        throw .badRate(name, step: point.step, point.learningRate)
      }
      if let loss = point.loss, !(loss > 0 && loss.isFinite) {
        throw .badLoss(name, step: point.step, loss)
      }
    }
    guard points.contains(where: { $0.learningRate > 0 }) else {
      throw .badRate(name, step: points[0].step, 0)
    }
    self.name = name
    self.points = points
  }

  private init(_ curve: LossCurve, keeping places: [Int]) {
    name = curve.name
    points = places.map { curve.points[$0] }
  }

  /// The curve with some of its points alone, by ascending place.
  func keeping(_ places: [Int]) -> LossCurve { LossCurve(self, keeping: places) }

  package var peakRate: Double { points.map(\.learningRate).max() ?? 0 }
  package var lastStep: Int { points[points.count - 1].step }
  package var firstStep: Int { points[0].step }
  package var finalRate: Double { points[points.count - 1].learningRate }

  /// The last step of the rise with which the log begins; the first row's where it does not rise.
  package var recordedWarmupEnd: Int {
    var end = points[0]
    for point in points.dropFirst() {
      guard point.learningRate > end.learningRate else { break }
      end = point
    }
    return end.step
  }

  /// Whether the rate falls anywhere.
  package var decays: Bool {
    zip(points, points.dropFirst()).contains { $1.learningRate < $0.learningRate }
  }

  /// Whether the rate rises again after it fell or stood still.
  package var risesAgain: Bool {
    let end = recordedWarmupEnd
    return zip(points, points.dropFirst()).contains {
      $0.step >= end && $1.learningRate > $0.learningRate
    }
  }
}
