/// The learning rate of every step of a run, as stretches on which it is constant or changes evenly.
///
/// The area up to a step is the sum of the rates of all steps up to it, in which laws of loss curves
/// measure time.
package struct LearningRatePath: Hashable, Sendable {
  /// The end of a stretch.
  package struct Knot: Hashable, Sendable {
    package var step: Int
    package var learningRate: Double
    /// The sum of the rates of all steps up to this one.
    package var area: Double
  }

  /// A stretch on which the rate is not constant.
  package struct Change: Hashable, Sendable {
    /// How much the rate grows; below 0 where it falls.
    package var rise: Double
    /// The mean rate of its steps.
    package var learningRate: Double
    /// The knot that ends it.
    package var knot: Int
    /// Half a step before its first and after its last step, on the scale of areas: the area that a
    /// step inside has gone by since, itself included, is counted from between the two.
    package var from: Double
    package var to: Double
  }

  package private(set) var knots: [Knot]
  package private(set) var changes: [Change] = []

  /// A path of no steps that would go on at `learningRate`.
  package init(from learningRate: Double) {
    knots = [Knot(step: 0, learningRate: learningRate, area: 0)]
  }

  package var end: Knot { knots[knots.count - 1] }

  /// Goes on at the rate that was reached.
  package mutating func hold(_ steps: Int) { ramp(to: end.learningRate, over: steps) }

  /// Changes the rate by the same amount at each of `steps` steps.
  package mutating func ramp(to learningRate: Double, over steps: Int) {
    precondition(steps >= 0, "a stretch of \(steps) steps")
    guard steps > 0 else { return }
    let start = end
    let count = Double(steps)
    let rise = learningRate - start.learningRate
    // Exactly 0 for a step at a rate of 0, whatever the area is.
    let mean = start.learningRate + rise * (count + 1) / (2 * count)
    let area = start.area + count * mean
    append(
      Knot(step: start.step + steps, learningRate: learningRate, area: area), mean: mean)
  }

  private mutating func append(_ knot: Knot, mean: Double) {
    let start = end
    let rise = knot.learningRate - start.learningRate
    knots.append(knot)
    guard rise != 0 else { return }
    let first = start.learningRate + rise / Double(knot.step - start.step)
    changes.append(
      Change(
        rise: rise, learningRate: mean, knot: knots.count - 1, from: start.area - first / 2,
        to: knot.area - knot.learningRate / 2))
  }

  /// The path with the stretches between some of its knots merged; areas stay exact.
  ///
  /// - Parameter places: Of the knots to keep, ascending, the first among them.
  /// - Returns: A path of as many knots.
  func keeping(_ places: [Int]) -> LearningRatePath {
    precondition(places.first == 0, "a path keeps its start")
    var path = LearningRatePath(from: knots[0].learningRate)
    for place in places.dropFirst() {
      let (start, knot) = (path.end, knots[place])
      path.append(knot, mean: (knot.area - start.area) / Double(knot.step - start.step))
    }
    return path
  }

  /// Rises evenly from 0 to the rate at which the path starts, in pieces that a law can tell apart.
  package static func warmup(to learningRate: Double, over steps: Int) -> LearningRatePath {
    guard steps > 0 else { return LearningRatePath(from: learningRate) }
    var path = LearningRatePath(from: 0)
    for piece in 1...warmupPieces {
      let step = steps * piece / warmupPieces
      path.ramp(
        to: learningRate * Double(step) / Double(steps), over: step - path.end.step)
    }
    return path
  }

  /// More change the loss of public curves by less than a tenth of a thousandth.
  private static let warmupPieces = 24
}
