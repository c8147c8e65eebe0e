/// The runs to train next, in order of what they tell for their price.
package struct RunPlan: Sendable {
  /// What is known of the targets before any of these runs.
  package var known: [TargetOutlook]
  package var steps: [Step]
  package var end: End

  /// One or two runs that are worth training together.
  package struct Step: Sendable {
    package var runs: [RunCandidate]
    /// What each adds to the cost of all before it.
    package var prices: [Double]
    package var reason: Reason
    /// What is expected to be known of the targets after them.
    package var expected: [TargetOutlook]

    package var operations: Double { prices.reduce(0, +) }
  }

  /// What a step tells that was not known.
  package enum Reason: String, Sendable {
    /// Where the optimum of basins like these is.
    case optimum
    /// How it moves with model size.
    case params
    /// How it moves with the horizon.
    case tokens
    /// How far one model size or cell deviates from the others.
    case deviation
    /// The best batch size and how the best rate moves with it.
    case batch
    /// How steep basins are.
    case shape
  }

  /// Why there are no more runs.
  package enum End: Hashable, Sendable {
    case budgetSpent
    /// Results should be looked at before more is chosen.
    case round
    /// No more can be looked after.
    case mostRuns
    /// Spending as much again as so far would gain less than this.
    case gainBelow(percent: Double)
    /// Nothing that tells something is so cheap; the least costs this.
    case tooLittle(least: Double)
    case nothingLeft
    /// There was no budget to plan for.
    case notAsked
  }

  package var operations: Double { steps.reduce(0) { $0 + $1.operations } }
  package var runs: [RunCandidate] { steps.flatMap(\.runs) }
  /// What is expected to be known after all of them.
  package var expected: [TargetOutlook] { steps.last?.expected ?? known }
}

extension [TargetOutlook] {
  /// The mean percentage of loss that not knowing the optima is expected to cost.
  package var penaltyPercent: Double {
    isEmpty ? 0 : reduce(0) { $0 + $1.penaltyPercent } / Double(count)
  }
}

extension RunPlan {
  /// The operations of each chain of runs that must follow one another.
  ///
  /// - Parameter sharingTrunks: Whether horizons branch off one trunk; else every run is its own.
  /// - Returns: One for each chain, ascending.
  package func chains(sharingTrunks: Bool) -> [Double] {
    let priced = steps.flatMap { zip($0.runs, $0.prices) }
    guard sharingTrunks else { return priced.map(\.1).sorted() }
    return priced.reduce(into: [RunSeries: Double]()) { $0[RunSeries($1.0), default: 0] += $1.1 }
      .values.sorted()
  }
}
