import Numerics
import Runs
import ScalingLaws
import Testing

@Suite struct PlantedLawTests {
  @Test("with little noise the law comes back")
  func recovery() throws {
    var planted = PlantedLaw()
    planted.basin.noise = 1e-5
    let runs = planted.runs(
      at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(), seed: 1)
    let law = try PlantedSweeps.fit(runs)
    let exponents = [law.rate.coefficient(of: .params), law.rate.coefficient(of: .tokens)]
    // The prior of each exponent is 0.3 wide and the data hold it to about 0.01.
    #expect(abs(try #require(exponents[0]).value - planted.paramsExponent) < 0.03)
    #expect(abs(try #require(exponents[1]).value - planted.tokensExponent) < 0.03)
    for cell in law.cells {
      let optimum = try #require(cell.optimum)
      let truth = planted.optimum(at: cell.scale.at(batch: PlantedSweeps.batch))
      #expect(optimum.value.isApproximatelyEqual(to: truth, relativeTolerance: 0.05))
    }
    #expect(law.basin.shape.right > law.basin.shape.left)
  }

  @Test("the rate to use costs next to nothing at a target eight times as large and as long")
  func recommendation() throws {
    let planted = PlantedLaw()
    let runs = planted.runs(
      at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(), seed: 2)
    let answer = Recommendation(
      try PlantedSweeps.fit(runs), at: PlantedSweeps.target, confidence: 0.9)
    let truth = PlantedSweeps.target.at(batch: PlantedSweeps.batch)
    #expect(planted.gapPercent(of: answer.learningRate, at: truth) < 0.1)
    #expect((answer.lower...answer.upper).contains(planted.optimum(at: truth)))
  }

  @Test("a planted batch law comes back, at a given batch and at the best one")
  func batches() throws {
    var planted = PlantedLaw()
    planted.batchExponent = 0.4
    planted.batchAtReference = 262_144
    let batches = [65_536, 131_072, 262_144, 524_288, 1_048_576].map(Double?.some)
    let scales = PlantedSweeps.scales(params: [5e7, 1e8, 2e8], batches: batches)
    let law = try PlantedSweeps.fit(
      planted.runs(at: scales, learningRates: PlantedSweeps.rates(9), seed: 3))
    let exponent = try #require(law.rateAtBatch?.coefficient(of: .batch))
    #expect((exponent.lower...exponent.upper).contains(0.4))

    let given = RunScale(params: 4e8, tokens: 1.6e10, batchTokens: 524_288)
    let atGiven = Recommendation(law, at: given, confidence: 0.9)
    #expect(
      atGiven.optimum.isApproximatelyEqual(to: planted.optimum(at: given), relativeTolerance: 0.2))

    let best = try #require(planted.bestBatchTokens(at: given))
    let atBest = Recommendation(law, at: given.cell, confidence: 0.9)
    let batch = try #require(atBest.batchTokens)
    #expect(batch.isApproximatelyEqual(to: best, relativeTolerance: 0.35))
    #expect(
      atBest.optimum.isApproximatelyEqual(
        to: planted.optimum(at: given.at(batch: best)), relativeTolerance: 0.25))
  }

  @Test("where the basin is steeper on the right, the rate to use is below the optimum")
  func caution() throws {
    var planted = PlantedLaw()
    planted.basin.shape = BasinShape(left: 0.2, right: 2)
    planted.cellSpread = 0.3
    let runs = planted.runs(
      at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(), seed: 4)
    let answer = Recommendation(
      try PlantedSweeps.fit(runs), at: PlantedSweeps.target, confidence: 0.9)
    #expect(answer.learningRate < answer.optimum)
    #expect(answer.expectedLossPenaltyPercent > 0)
  }

  @Test("a wider confidence gives a wider interval around the same optimum")
  func confidence() throws {
    let runs = PlantedLaw().runs(
      at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(), seed: 5)
    let law = try PlantedSweeps.fit(runs)
    let narrow = Recommendation(law, at: PlantedSweeps.target, confidence: 0.5)
    let wide = Recommendation(law, at: PlantedSweeps.target, confidence: 0.95)
    #expect(wide.lower < narrow.lower && wide.upper > narrow.upper)
    #expect(wide.optimum == narrow.optimum)
  }

  @Test("a target farther out has a wider interval")
  func distance() throws {
    var planted = PlantedLaw()
    planted.cellSpread = 0.1
    let law = try PlantedSweeps.fit(
      planted.runs(at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(), seed: 6))
    let near = Recommendation(law, at: RunScale(params: 4e8, tokens: 8e9), confidence: 0.9)
    let far = Recommendation(law, at: RunScale(params: 4e10, tokens: 8e11), confidence: 0.9)
    #expect(far.upper / far.lower > near.upper / near.lower)
    #expect(near.extrapolationDecades.params == 0)
    #expect(far.extrapolationDecades.params.isApproximatelyEqual(to: 2, relativeTolerance: 1e-9))
  }
}

extension RunScale {
  func at(batch: Double) -> RunScale {
    RunScale(params: params, tokens: tokens, batchTokens: batch)
  }
}
