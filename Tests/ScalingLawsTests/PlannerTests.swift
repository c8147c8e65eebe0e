import Numerics
import RealModule
import Runs
import ScalingLaws
import Testing

/// Which runs a planner chooses, and what it promises of them.
@Suite struct PlannerTests {
  private static let candidates = RunCandidate.grid(
    sizes: PlantedSweeps.params, horizons: PlantedSweeps.tokens, batches: [PlantedSweeps.batch],
    learningRates: PlantedSweeps.rates(12, factor: 2.0.squareRoot()))
  private static let target = RunScale(
    params: 1.6e9, tokens: 3.2e10, batchTokens: PlantedSweeps.batch)
  private static let cheapest = 6 * 5e7 * 1e9

  private func plan(
    _ known: [RunRecord] = [], budget: Double, round: Double = .infinity,
    prices: RunPrices = RunPrices()
  ) throws -> RunPlan {
    try Planner(candidates: Self.candidates, budget: budget, round: round).next(
      known: known, target: [Self.target], prices: prices)
  }

  /// Plans, trains in a planted world, and plans again, until the budget is spent.
  private func train(_ planted: PlantedLaw, budget: Double, seed: UInt64) throws -> [RunRecord] {
    var known: [RunRecord] = []
    var spent = 0.0
    while true {
      let plan = try plan(
        known, budget: budget - spent, round: max(0.25 * spent, Self.cheapest))
      guard !plan.runs.isEmpty else { return known }
      known += plan.runs.flatMap { run in
        planted.runs(at: [run.scale], learningRates: [run.learningRate], seed: seed)
      }
      spent += plan.operations
    }
  }

  @Test("equal questions have equal answers, within the budget and without repeats")
  func withinBudget() throws {
    let budget = 60 * Self.cheapest
    let first = try plan(budget: budget)
    #expect(try plan(budget: budget).runs == first.runs)
    #expect(first.operations <= budget)
    #expect(first.operations > 0.8 * budget)
    #expect(Set(first.runs).count == first.runs.count)
    #expect(first.steps.allSatisfy { (1...2).contains($0.runs.count) })
    let penalties = [first.known.penaltyPercent] + first.steps.map(\.expected.penaltyPercent)
    #expect(zip(penalties, penalties.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test("what is trained is not asked for again, though its numbers were rounded")
  func notAgain() throws {
    let first = try plan(budget: 30 * Self.cheapest)
    let known = first.runs.flatMap { run in
      PlantedLaw().runs(
        at: [
          RunScale(
            params: 1.002 * run.scale.params, tokens: 0.998 * run.scale.tokens,
            batchTokens: run.scale.batchTokens)
        ], learningRates: [1.001 * run.learningRate], seed: 0)
    }
    let second = try plan(known, budget: 30 * Self.cheapest)
    for run in second.runs {
      #expect(
        !first.runs.contains {
          abs(Double.log($0.learningRate / run.learningRate)) < 0.01
            && abs(Double.log($0.scale.params / run.scale.params)) < 0.01
            && abs(Double.log($0.scale.tokens / run.scale.tokens)) < 0.01
        })
    }
  }

  @Test("planned runs find the optimum, and the interval that was promised holds it")
  func findsOptimum() throws {
    var planted = PlantedLaw()
    planted.cellSpread = 0.08
    let budget = 60 * Self.cheapest
    let promised = try #require(try plan(budget: budget).expected.first)
    let ratio = { (optimum: Estimate) in Double.log(optimum.upper / optimum.lower) }
    var covered = 0
    var gaps: [Double] = []
    var widths: [Double] = []
    for seed in 0..<12 as Range<UInt64> {
      let known = try train(planted, budget: budget, seed: seed)
      let outlook = try plan(known, budget: 0).known
      let answer = try #require(
        TargetAnswer.surest(known: known, outlook: outlook, confidence: 0.9).first)
      if (answer.optimum.lower...answer.optimum.upper).contains(planted.optimum(at: Self.target)) {
        covered += 1
      }
      gaps.append(planted.gapPercent(of: answer.learningRate, at: Self.target))
      widths.append(ratio(answer.optimum))
    }
    let gap = gaps.reduce(0, +) / Double(gaps.count)
    let width = widths.reduce(0, +) / Double(widths.count)
    #expect(covered >= 9, "\(covered) of 12")
    // At the start nothing is known, and the middle of the rates would cost several times as much.
    let middle = planted.gapPercent(of: 8e-4, at: Self.target)
    #expect(gap < 0.35 * middle, "\(gap) beside \(middle)")
    #expect(
      (0.5...2).contains(width / ratio(promised.optimum(confidence: 0.9))),
      "\(width) beside \(ratio(promised.optimum(confidence: 0.9)))")
  }

  @Test("planned runs cost less than as good ones at random")
  func beatsRandom() throws {
    var planted = PlantedLaw()
    planted.cellSpread = 0.08
    let budget = 60 * Self.cheapest
    var ours = 0.0
    var random = 0.0
    for seed in 0..<8 as Range<UInt64> {
      func gap(_ known: [RunRecord]) throws -> Double {
        let outlook = try plan(known, budget: 0).known
        let answer = try #require(
          TargetAnswer.surest(known: known, outlook: outlook, confidence: 0.9).first)
        return planted.gapPercent(of: answer.learningRate, at: Self.target)
      }
      ours += try gap(train(planted, budget: budget, seed: seed))
      var left = budget
      let order = Self.candidates.indices.map { index in
        var random = KeyedRandom(seed: seed, 77, UInt64(index))
        return (index, random.uniform())
      }.sorted { $0.1 < $1.1 }
      let bought = order.map { Self.candidates[$0.0] }.filter { run in
        let price = RunPrices.whole(run)
        guard price <= left else { return false }
        left -= price
        return true
      }
      random += try gap(
        bought.flatMap {
          planted.runs(at: [$0.scale], learningRates: [$0.learningRate], seed: seed)
        })
    }
    #expect(ours < 0.7 * random, "\(ours) beside \(random)")
  }

  @Test("a budget that buys nothing names the least that does")
  func tooLittle() throws {
    let nothing = try plan(budget: 0.5 * Self.cheapest)
    guard case .tooLittle(let least) = nothing.end else {
      Issue.record("\(nothing.end)")
      return
    }
    #expect(nothing.runs.isEmpty)
    #expect(least >= Self.cheapest)
    #expect(try !plan(budget: least).runs.isEmpty)
  }

  @Test("planning ends where more would gain too little")
  func gain() throws {
    var planner = Planner(candidates: Self.candidates, budget: 1e30)
    planner.leastGainPercent = 0.05
    let short = try planner.next(known: [], target: [Self.target], prices: RunPrices())
    #expect(short.end == .gainBelow(percent: 0.05))
    planner.leastGainPercent = 0.01
    let long = try planner.next(known: [], target: [Self.target], prices: RunPrices())
    #expect(long.operations > short.operations)
    #expect(long.expected.penaltyPercent < short.expected.penaltyPercent)
  }

  @Test("a run is one of so many that can be looked after")
  func mostRuns() throws {
    var planner = Planner(candidates: Self.candidates, budget: 200 * Self.cheapest)
    planner.mostRuns = 10
    let few = try planner.next(known: [], target: [Self.target], prices: RunPrices())
    planner.mostRuns = 1000
    let many = try planner.next(known: [], target: [Self.target], prices: RunPrices())
    #expect(few.runs.count <= 10 && many.runs.count > few.runs.count)
    #expect(few.end == .mostRuns)
    func meanSize(_ plan: RunPlan) -> Double {
      plan.runs.reduce(0) { $0 + $1.scale.paramsTimesTokens } / Double(plan.runs.count)
    }
    #expect(meanSize(few) > meanSize(many))
  }

  @Test("a further horizon of a trunk costs its decay and what the trunk grows")
  func trunks() throws {
    let apart = try plan(budget: 60 * Self.cheapest)
    let shared = try plan(budget: 60 * Self.cheapest, prices: RunPrices(sharedDecay: 0.2))
    #expect(shared.expected.penaltyPercent < apart.expected.penaltyPercent)
    let horizons = Dictionary(grouping: shared.runs) {
      [$0.scale.params, $0.learningRate]
    }
    #expect(horizons.values.contains { $0.count > 1 })
    let whole = shared.runs.reduce(0) { $0 + RunPrices.whole($1) }
    #expect(shared.operations < 0.95 * whole)
    let chains = shared.chains(sharingTrunks: true)
    #expect(chains.count == horizons.count)
    #expect(
      chains.reduce(0, +).isApproximatelyEqual(to: shared.operations, relativeTolerance: 1e-12))
    #expect(apart.chains(sharingTrunks: false).count == apart.runs.count)
  }

  @Test("a plan says why it ends")
  func ends() throws {
    #expect(try plan(budget: 0).end == .notAsked)
    #expect(try plan(budget: 30 * Self.cheapest, round: 4 * Self.cheapest).end == .round)
    #expect(try plan(budget: 10 * Self.cheapest).end == .budgetSpent)
    var planner = Planner(candidates: Array(Self.candidates.prefix(3)), budget: 1e30)
    planner.mostRuns = 1000
    let all = try planner.next(known: [], target: [Self.target], prices: RunPrices())
    #expect(all.end == .nothingLeft && all.runs.count == 3)
  }

  @Test("a mixture is planned with its active share, and costs what is active")
  func mixture() throws {
    let share = 0.125
    let candidates = RunCandidate.grid(
      sizes: PlantedSweeps.params, horizons: PlantedSweeps.tokens, batches: [],
      learningRates: PlantedSweeps.rates(), activeShare: share)
    let target = RunScale(params: 1.6e9, tokens: 3.2e10, activeShare: share)
    let plan = try Planner(candidates: candidates, budget: 8 * Self.cheapest).next(
      known: [], target: [target], prices: RunPrices())
    let run = try #require(plan.runs.first)
    #expect(RunPrices.whole(run) == 6 * share * run.scale.paramsTimesTokens)
    #expect(plan.runs.allSatisfy { $0.scale.activeShare == share })
  }

  @Test("the order of candidates changes nothing")
  func candidateOrder() throws {
    let planner = Planner(candidates: Self.candidates.reversed(), budget: 30 * Self.cheapest)
    let reversed = try planner.next(known: [], target: [Self.target], prices: RunPrices())
    #expect(try plan(budget: 30 * Self.cheapest).runs == reversed.runs)
  }

  @Test("runs of several recipes are refused as in a fit")
  func mixed() throws {
    var runs = PlantedLaw().runs(
      at: PlantedSweeps.scales(), learningRates: [1e-3, 2e-3], seed: 0)
    runs[3].corpus = "another"
    #expect(throws: FitError.self) { try plan(runs, budget: 1e20) }
  }

  @Test("hours are operations over what a device does")
  func hours() {
    let device = Accelerator(name: "device", peakOperationsPerSecond: 1e12)
    #expect(
      device.hours(for: 3.6e15, utilisation: 0.5)
        .isApproximatelyEqual(to: 2, relativeTolerance: 1e-12))
    // The longest first: 3 and 3, then 2 and 2, then 2 to either.
    let wall = device.wallHours(
      for: [2, 3, 2, 3, 2].map { $0 * 3.6e15 }, devices: 2, utilisation: 1)
    #expect(wall.isApproximatelyEqual(to: 7, relativeTolerance: 1e-12))
  }
}
