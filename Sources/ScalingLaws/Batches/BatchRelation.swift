import RealModule

/// How the tokens that a loss takes depend on the batch size, up to the loss's own two scales.
///
/// Relative to the batch `b` and the tokens `e` that a relation is scaled by, it is one curve in logs.
package protocol BatchRelation: Sendable {
  /// The log of the tokens at a log of the batch, both relative.
  func logTokens(atLogBatch batch: Double) -> Double
}

extension BatchRelation {
  /// The scales at which the relation comes closest to `points`.
  ///
  /// - Parameter points: Two at least.
  /// - Returns: Logs of batch and tokens, and the sum of squared deviations in the log of tokens.
  package func scaled(
    to points: [EqualLoss.Point]
  ) -> (batch: Double, tokens: Double, squares: Double) {
    func fit(_ batch: Double) -> (tokens: Double, squares: Double) {
      let heights = points.map { $0.tokens - logTokens(atLogBatch: $0.batch - batch) }
      let mean = heights.reduce(0, +) / Double(heights.count)
      return (mean, heights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) })
    }
    let batches = points.map(\.batch)
    let batch = leastPlace(
      of: { fit($0).squares }, from: (batches.min() ?? 0) - BatchRelations.reach,
      to: (batches.max() ?? 0) + BatchRelations.reach)
    let best = fit(batch)
    return (batch, best.tokens, best.squares)
  }
}

enum BatchRelations {
  /// How far beyond the batches tried a scale of a relation is looked for, in nats.
  static let reach = 3.0
}

/// McCandlish's relation between steps and tokens, `(E/E_min - 1)(S/S_min - 1) = 1`.
///
/// In batch sizes it reads `E = E_min (1 + B / B_crit)` with `B_crit = E_min / S_min`: tokens never
/// fall as batches grow (arXiv 1812.06162, Eq. 2.7, as quoted by Power Lines, arXiv 2505.13738).
package struct McCandlishRelation: BatchRelation {
  package init() {}

  /// Relative to the critical batch and the least tokens.
  package func logTokens(atLogBatch batch: Double) -> Double { .log(onePlus: .exp(batch)) }
}

/// Tokens against steps in three stages, continuous in value and slope.
///
/// arXiv 2601.05034, as read in summaries, has `E(S)` fall as `1 / (S - S_min)`, pass its least value
/// as a parabola and rise in a line, so that tokens grow again for small batches. What is printed
/// there as `B^{-1}` is read as a coefficient. The fit is ours: one shape for all losses and sizes,
/// relative to the steps and tokens of the best batch, with the stages joined smoothly.
package struct ThreeStageRelation: BatchRelation, Hashable {
  /// Steps that no batch size goes below, over those of the best batch.
  package let leastSteps: Double
  /// Where the parabola begins and ends, in the same unit.
  package let parabola: ClosedRange<Double>
  /// The parabola's coefficient.
  package let curvature: Double
  private let batches: [Double]
  private let tokens: [Double]

  /// The smallest batch that reaches the loss at all, over the best one: the limit of E / S.
  package var smallestBatch: Double { 2 * curvature * (parabola.upperBound - 1) }

  /// - Parameter free: Four unbounded numbers; every choice is a shape whose batch falls with steps.
  package init(_ free: [Double]) {
    func share(_ x: Double) -> Double { 1 / (1 + .exp(-x)) }
    let first = share(free[0])
    let last = 1 + Double.exp(free[1])
    leastSteps = first * share(free[2])
    parabola = first...last
    // A steeper parabola would have a line that reaches no tokens at no steps.
    curvature = share(free[3]) / (last * last - 1)
    let steps = Self.steps(from: leastSteps)
    var batches: [Double] = []
    var tokens: [Double] = []
    for step in steps {
      let height = Self.tokens(step, leastSteps, parabola, curvature)
      batches.append(.log(height / step))
      tokens.append(.log(height))
    }
    self.batches = batches.reversed()
    self.tokens = tokens.reversed()
  }

  static let bounds: [ClosedRange<Double>] = [-4...3, -3...3, -4...5, -5...5]

  /// Places over all three stages, closer where tokens bend more.
  private static func steps(from least: Double) -> [Double] {
    (0..<240).map { least + .exp(-9 + 15 * Double($0) / 239) }
  }

  private static func tokens(
    _ steps: Double, _ least: Double, _ parabola: ClosedRange<Double>, _ curvature: Double
  ) -> Double {
    func height(_ steps: Double) -> Double { 1 + curvature * (steps - 1) * (steps - 1) }
    let first = parabola.lowerBound
    let last = parabola.upperBound
    if steps < first {
      let rise = 2 * curvature * (1 - first) * (first - least) * (first - least)
      return height(first) + rise * (1 / (steps - least) - 1 / (first - least))
    }
    return steps <= last
      ? height(steps) : height(last) + 2 * curvature * (last - 1) * (steps - last)
  }

  /// The tokens at a multiple of the best batch, over the fewest.
  package func tokens(atBatch multiple: Double) -> Double {
    .exp(logTokens(atLogBatch: .log(multiple)))
  }

  package func logTokens(atLogBatch batch: Double) -> Double {
    guard batch > batches[0] else {
      // No such batch reaches the loss; a steep rise lets a fit find its way back.
      return tokens[0] + Self.steepness * (batches[0] - batch)
    }
    var low = 0
    var high = batches.count - 1
    // Beyond the last place steps are least, and tokens grow as the batch.
    guard batch < batches[high] else { return tokens[high] + batch - batches[high] }
    while high - low > 1 {
      let middle = (low + high) / 2
      if batches[middle] <= batch { low = middle } else { high = middle }
    }
    let share = (batch - batches[low]) / (batches[high] - batches[low])
    return tokens[low] + share * (tokens[high] - tokens[low])
  }

  private static let steepness = 10.0

  /// The shape that all of `losses` fit best together.
  ///
  /// - Parameters:
  ///   - losses: Each with scales of its own.
  ///   - start: Where the search begins; without one, at the best of a coarse grid.
  ///   - tolerance: How finely it ends.
  /// - Returns: The shape, and the numbers that make it.
  package static func fitted(
    to losses: [EqualLoss], from start: [Double]? = nil, tolerance: Double = 0.02
  ) -> (relation: ThreeStageRelation, free: [Double]) {
    func score(_ free: [Double]) -> Double {
      let relation = ThreeStageRelation(free)
      let weak = free.reduce(0) { $0 + $1 * $1 } * priorWeight
      return -losses.reduce(weak) { $0 + relation.scaled(to: $1.points).squares }
    }
    let ranked = start.map { [$0] } ?? starts
    let scores = ranked.map(score)
    let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
    let free = maximize(
      from: ranked[best], within: bounds, step: 0.5, tolerance: tolerance, score)
    return (ThreeStageRelation(free), free)
  }

  /// The search has several tops, and a grid finds the side of the highest.
  private static let starts: [[Double]] = [-1.5, 0, 1.5].flatMap { first in
    [-1.5, 0, 1.2].flatMap { last in
      [-1, 1, 3].flatMap { least in
        [-3, -1, 1].map { [first, last, least, $0] }
      }
    }
  }

  /// Keeps a stage that no batch size reaches from running away; worth a deviation of a hundredth.
  private static let priorWeight = 1e-4
}
