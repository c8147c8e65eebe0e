import RealModule

/// The points of one slice that say where its optimum is, in logs.
struct SliceEvidence {
  /// Natural logs of learning rates, less their middle.
  let x: [Double]
  /// Natural logs of losses.
  let v: [Double]
  /// Rise of each point above the least, in log loss.
  let excess: [Double]
  /// Squared relative standard error of each loss, from the source.
  let evaluationVariance: [Double]
  /// Which trunk and branch each point is.
  let runs: [(trunk: Int, branch: Int)]
  let middle: Double
  /// The log of the least rate above the best one at which a run diverged, less the middle.
  ///
  /// The optimum lies below it.
  let limit: Double?
  /// The natural log of the least loss.
  let best: Double

  /// Points that rise further than this say nothing of where the optimum is.
  static let widestExcess = 0.10
  /// The evidence in `slice`, or `nil` with fewer than three learning rates or no finite loss.
  ///
  /// The finite neighbours of the best point always count, however far up. A diverged run says no
  /// more than that the optimum lies below it.
  init?(_ slice: SweepSlice) {
    guard slice.learningRateCount >= OptimumSite.leastLearningRates,
      let bestPoint = slice.best, let bestLoss = bestPoint.loss
    else { return nil }
    let best = Double.log(bestLoss)
    let rates = Set(slice.points.map(\.learningRate)).sorted()
    let bestIndex = rates.firstIndex(of: bestPoint.learningRate) ?? 0
    let near = Set(rates[max(bestIndex - 1, 0)...min(bestIndex + 1, rates.count - 1)])

    var used: [(x: Double, excess: Double, variance: Double, run: (trunk: Int, branch: Int))] = []
    for point in slice.points where !point.isSuperseded && !point.isImplausible && !point.diverged {
      guard let loss = point.loss else { continue }
      let excess = Double.log(loss) - best
      guard near.contains(point.learningRate) || excess <= Self.widestExcess else { continue }
      let relativeError = (point.lossStandardError ?? 0) / loss
      used.append(
        (
          point.logLearningRate, max(excess, 0), relativeError * relativeError,
          (point.trunk, point.branch)
        ))
    }
    guard let low = used.first?.x, let high = used.last?.x
    else { return nil }
    let middle = (low + high) / 2
    self.middle = middle
    self.best = best
    limit = slice.points.first {
      $0.diverged && !$0.isSuperseded && $0.learningRate > bestPoint.learningRate
    }.map { $0.logLearningRate - middle }
    x = used.map { $0.x - middle }
    v = used.map { best + $0.excess }
    excess = used.map(\.excess)
    evaluationVariance = used.map(\.variance)
    runs = used.map(\.run)
  }
}
