package import Runs

/// Chooses the runs that tell most about a target's learning rate for what they cost.
///
/// Sequential Bayesian design: what is known is a normal approximation of a `LossSurface`, and each step
/// takes the run, or the two runs of one cell, that lower the mean variance of the targets' log optima
/// most per operation. Expected loss is that variance times half a basin's depth. How precise a run
/// will be depends on how far from its optimum it lands, so it is averaged over where that may be.
package struct Planner: Sendable {
  /// The runs that may be trained.
  package var candidates: [RunCandidate]
  /// The operations that may be spent.
  package var budget: Double
  /// The operations after which results should be looked at before more is chosen.
  package var round: Double
  /// How many runs are to be looked after for the budget.
  ///
  /// A run is not valued as if it were cheaper than its part of the budget, or a plan would be made of
  /// hundreds of tiny ones.
  package var mostRuns = 100
  /// Planning ends where spending as much again as so far would gain less of loss than this.
  package var leastGainPercent = 0.0

  /// Where there is a least gain, no step is taken that gains a smaller share of what is left to gain.
  private static let leastShare = 0.001

  package init(candidates: [RunCandidate], budget: Double, round: Double = .infinity) {
    self.candidates = candidates
    self.budget = budget
    self.round = round
  }

  /// The runs to train next.
  ///
  /// - Parameters:
  ///   - known: Finished runs, which may be none. They must be of one recipe, as for a fit.
  ///   - target: The runs to choose a learning rate for, all of which count alike.
  ///   - prices: What runs cost.
  ///   - progress: Called now and then with the fraction of the budget that is planned.
  /// - Returns: What is known and what to train.
  /// - Throws: What is wrong with the runs known.
  package func next(
    known: [RunRecord], target: [RunScale], prices: RunPrices,
    progress: (Double) -> Void = { _ in }
  ) throws(FitError) -> RunPlan {
    if !known.isEmpty { _ = try SweepRecipe(of: known) }
    let sweep = LearningRateSweep(known)
    let trained = TrainedRuns(sweep)
    var design = try PlanDesign(
      sweep, trained: trained,
      open: trained.untrained(of: candidates.sorted(by: RunCandidate.comesFirst)), targets: target,
      prices: prices)
    var plan = RunPlan(known: design.outlook, steps: [], end: .nothingLeft)
    var penalty = plan.known.penaltyPercent
    let before = trained.operations
    let leastPrice = budget / Double(max(mostRuns, 1))
    guard budget > 0 else {
      plan.end = .notAsked
      return plan
    }
    while true {
      plan.end = plan.operations >= round ? .round : .mostRuns
      guard plan.operations < round, plan.runs.count < mostRuns else { return plan }
      guard
        let choice = design.best(
          within: budget - plan.operations, mostRuns: mostRuns - plan.runs.count,
          leastPrice: leastPrice)
      else {
        plan.end = design.isExhausted ? .nothingLeft : .budgetSpent
        break
      }
      var after = design
      let step = after.take(choice)
      let penaltyAfter = step.expected.penaltyPercent
      let gain = penalty - penaltyAfter
      let price = max(step.operations, leastPrice * Double(step.runs.count))
      let spent = before + plan.operations + step.operations
      let isWorthIt =
        gain * max(spent, price) / price >= leastGainPercent
        && (leastGainPercent == 0 || gain > Self.leastShare * penalty)
      guard isWorthIt else {
        plan.end = .gainBelow(percent: leastGainPercent)
        break
      }
      design = after
      penalty = penaltyAfter
      plan.steps.append(step)
      progress(plan.operations / min(budget, round))
    }
    if plan.steps.isEmpty, let least = design.leastUseful, least > budget {
      plan.end = .tooLittle(least: least)
    }
    return plan
  }
}
