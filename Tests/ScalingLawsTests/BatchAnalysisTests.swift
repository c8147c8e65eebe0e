import Numerics
import Runs
import ScalingLaws
import Testing

@Suite struct BatchAnalysisTests {
  private static let batches = [32, 64, 128, 256, 512, 1024, 2048].map { 2048.0 * $0 }

  /// A world whose best batch and rate at a given batch are known.
  private static func planted(_ exponent: Double = 0.5) -> PlantedLaw {
    var planted = PlantedLaw()
    planted.batchExponent = exponent
    planted.batchAtReference = 262_144
    planted.batchTokensExponent = 0.5
    return planted
  }

  private func law(
    _ planted: PlantedLaw = planted(), batches: [Double?] = batches,
    change: (inout RunRecord) -> Void = { _ in }
  ) throws -> LearningRateLaw {
    let scales = PlantedSweeps.scales(
      params: [5e7, 1e8, 2e8], tokens: [1e9, 2e9, 4e9, 8e9], batches: batches)
    var runs = planted.runs(at: scales, learningRates: PlantedSweeps.rates(9), seed: 3)
    for index in runs.indices { change(&runs[index]) }
    return try PlantedSweeps.fit(runs)
  }

  @Test("the best batch of each cell and its law come back, whether it grows with tokens or not")
  func bestBatches() throws {
    for growth in [0, 0.5] {
      var planted = Self.planted()
      planted.batchTokensExponent = growth
      let analysis = try BatchAnalysis(of: try law(planted), target: nil, confidence: 0.9)
      let law = try #require(analysis.law)
      let tokens = try #require(law.coefficient(of: .tokens))
      #expect(tokens.value.isApproximatelyEqual(to: growth, absoluteTolerance: 0.05))
      // An interval so wide that it holds the other world would tell nothing.
      #expect(!(tokens.lower...tokens.upper).contains(0.5 - growth))
      let params = try #require(law.coefficient(of: .params))
      #expect(abs(params.value) < 0.1)
    }
  }

  @Test("intervals of the best batch hold the truth, and are narrow enough to be of use")
  func intervals() throws {
    let planted = Self.planted()
    let target = RunScale(params: 4e8, tokens: 1.6e10)
    let analysis = try BatchAnalysis(of: try law(), target: target, confidence: 0.9)
    #expect(analysis.cells.count == 12)
    var covered = 0
    for cell in analysis.cells {
      let best = try #require(cell.batchTokens)
      let truth = try #require(
        planted.bestBatchTokens(at: RunScale(params: cell.params, tokens: cell.tokens)))
      #expect(cell.status == .located)
      #expect(best.value.isApproximatelyEqual(to: truth, relativeTolerance: 0.15))
      #expect(best.upper < 1.5 * best.lower)
      if (best.lower...best.upper).contains(truth) { covered += 1 }
    }
    // 90 % of 12 are 10.8; fewer than 9 would be seen once in 40 worlds.
    #expect(covered >= 9)
    let law = try #require(analysis.law)
    let tokens = try #require(law.coefficient(of: .tokens))
    #expect((tokens.lower...tokens.upper).contains(0.5))
    let params = try #require(law.coefficient(of: .params))
    #expect(!params.excludesZero)
    let answer = try #require(analysis.target)
    let truth = try #require(planted.bestBatchTokens(at: target))
    #expect((answer.batchTokens.lower...answer.batchTokens.upper).contains(truth))
    #expect(answer.batchTokens.upper < 2 * answer.batchTokens.lower)
    // Half of it costs 0.01 (ln 2)² / 2 of loss.
    let half = try #require(answer.others.first { $0.multiple == 0.5 })
    #expect(half.penaltyPercent.value.isApproximatelyEqual(to: 0.24, absoluteTolerance: 0.08))
    let factor = try #require(half.rateFactor)
    #expect((factor.lower...factor.upper).contains(0.5.squareRoot()))
    // Neither an unchanged rate nor half of it would do.
    #expect(factor.lower > 0.5 && factor.upper < 1)
  }

  @Test("the rule by which the rate moves with batch size is told", arguments: [0.0, 0.5, 1])
  func coupling(exponent: Double) throws {
    let law = try law(Self.planted(exponent))
    let coupling = try #require(
      try BatchAnalysis(of: law, target: nil, confidence: 0.9).coupling)
    #expect(coupling.all.exponent.value.isApproximatelyEqual(to: exponent, absoluteTolerance: 0.03))
    #expect(coupling.all.rules.map(\.exponent) == [exponent])
    #expect(coupling.farAboveBest != nil)
    // A rate that never moves is not surely told from one that falls a little.
    #expect(exponent == 0 ? coupling.fallsFarAbove != true : coupling.fallsFarAbove == false)
  }

  @Test("a fall of the rate far above the best batch is told where its interval excludes the other")
  func surge() throws {
    var coupling = try #require(
      try BatchAnalysis(of: try law(), target: nil, confidence: 0.9).coupling)
    func falls(_ lower: Double, _ upper: Double) -> Bool? {
      coupling.farAboveBest?.exponent = Estimate(
        value: (lower + upper) / 2, lower: lower, upper: upper, confidence: 0.9)
      return coupling.fallsFarAbove
    }
    #expect(falls(-0.45, -0.01) == true)
    #expect(falls(0, 0.4) == false)
    #expect(falls(-0.45, 0.01) == nil)
    coupling.farAboveBest = nil
    #expect(coupling.fallsFarAbove == nil)
  }

  @Test("a rate that moves by no rule is said to follow none")
  func noRule() throws {
    let law = try law(Self.planted(0.25))
    let coupling = try #require(
      try BatchAnalysis(of: law, target: nil, confidence: 0.9).coupling)
    #expect(coupling.all.rules.isEmpty)
  }

  @Test("where small batches take more tokens, curves cross, and a ramp follows the best batch")
  func crossing() throws {
    let target = RunScale(params: 2e8, tokens: 8e9)
    let analysis = try BatchAnalysis(of: try law(), target: target, confidence: 0.9)
    #expect(!analysis.losses.isEmpty)
    let crossing = analysis.losses.count(where: \.curvesCross)
    #expect(crossing > 0)
    let relations = try #require(analysis.relations)
    #expect(relations.favoursThreeStages)
    let growth = try #require(analysis.fewestTokensLaw?.exponent)
    #expect(growth.value.isApproximatelyEqual(to: 0.5, absoluteTolerance: 0.2))
    let ramp = try #require(analysis.ramp)
    #expect(ramp.stages.count > 1)
    #expect(ramp.stages[0].fromTokens == 0)
    for (stage, next) in zip(ramp.stages, ramp.stages.dropFirst()) {
      #expect(next.batchTokens == 2 * stage.batchTokens)
      #expect(next.fromTokens > stage.fromTokens)
      #expect(stage.rateFactor < next.rateFactor)
    }
    #expect(ramp.againstBest.tokensRatio > 0.98)
    #expect(ramp.againstFirst.stepsRatio < 1)
  }

  @Test("equal runs give equal answers, in any order of rows")
  func determinism() throws {
    let scales = PlantedSweeps.scales(
      params: [5e7, 1e8], tokens: [1e9, 2e9, 4e9], batches: Self.batches)
    let runs = Self.planted().runs(at: scales, learningRates: PlantedSweeps.rates(9), seed: 3)
    let one = try BatchAnalysis(
      of: try PlantedSweeps.fit(runs), target: nil, confidence: 0.9)
    let other = try BatchAnalysis(
      of: try PlantedSweeps.fit(runs.reversed()), target: nil, confidence: 0.9)
    #expect(one.losses == other.losses)
    #expect(one.coupling == other.coupling)
    #expect(one.criticalLaw == other.criticalLaw)
    #expect(one.cells == other.cells)
  }

  @Test("runs without batch sizes, or with too few, are refused with what to add")
  func refusals() throws {
    #expect(throws: BatchError.noBatchTokens) {
      try BatchAnalysis(of: try law(batches: [nil]), target: nil, confidence: 0.9)
    }
    #expect(throws: BatchError.oneBatch(262_144)) {
      try BatchAnalysis(of: try law(batches: [262_144]), target: nil, confidence: 0.9)
    }
    // Each horizon with a batch of its own.
    let confounded = try law(batches: [262_144]) { $0.batchTokens = $0.tokens / 8192 }
    #expect(throws: BatchError.oneBatchInEachCell) {
      try BatchAnalysis(of: confounded, target: nil, confidence: 0.9)
    }
    let remedies: [(BatchError, String)] = [
      (.noBatchTokens, "--map batch_tokens=COLUMN*LENGTH"),
      (.oneBatch(1e6), "1M tokens; add runs at two more at least"),
      (.oneBatchInEachCell, "add two more batch sizes at one of them"),
      (.oldLaw, "fit the runs again"),
    ]
    for (error, remedy) in remedies { #expect("\(error)".contains(remedy)) }
    // Two batch sizes in each cell are few, and no reason to refuse.
    #expect(throws: Never.self) {
      try BatchAnalysis(of: try law(batches: [131_072, 262_144]), target: nil, confidence: 0.9)
    }
  }

  @Test("two batch sizes or two horizons leave gaps that say what to add")
  func gaps() throws {
    let two = try BatchAnalysis(
      of: try law(batches: [131_072, 262_144]), target: RunScale(params: 1e9, tokens: 1e10),
      confidence: 0.9)
    #expect(two.law == nil && two.target == nil && two.ramp == nil)
    #expect(two.coupling != nil)
    let codes = Set(two.gaps.map(\.code))
    #expect(codes.isSuperset(of: [.optimalBatch, .criticalBatch, .ramp]))
    #expect(two.gaps.contains { $0.message.contains("add batch sizes") })
  }

  @Test("slices whose best rate is at an end say nothing of how the rate moves")
  func edges() throws {
    // The largest batches need a higher rate than any here.
    let scales = PlantedSweeps.scales(
      params: [5e7, 1e8, 2e8], tokens: [1e9, 2e9, 4e9], batches: Self.batches)
    let runs = Self.planted(1).runs(
      at: scales, learningRates: PlantedSweeps.rates(5, from: 2.5e-4), seed: 5)
    let analysis = try BatchAnalysis(
      of: try PlantedSweeps.fit(runs), target: nil, confidence: 0.9)
    #expect(analysis.gaps.contains { $0.code == .edgeRates })
    let coupling = try #require(analysis.coupling)
    #expect(coupling.all.slices < scales.count)
    #expect(coupling.all.exponent.value.isApproximatelyEqual(to: 1, absoluteTolerance: 0.1))
  }
}
