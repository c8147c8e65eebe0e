import Numerics
import Runs
import ScalingLaws
import Testing

/// Which form a law is given, and what is said of the choice.
@Suite struct LawFormTests {
  private func law(
    _ planted: PlantedLaw, bend: Double = 0, scales: [RunScale] = PlantedSweeps.scales(),
    seed: UInt64
  ) throws -> LearningRateLaw {
    let runs = planted.runs(
      at: scales, learningRates: PlantedSweeps.rates(12, factor: 1.6), seed: seed)
    return try PlantedSweeps.fit(
      runs.map { run in
        var run = run
        let z = Double.log(run.tokens / PlantedLaw.reference.tokens)
        run.learningRate *= .exp(bend * z * z)
        return run
      })
  }

  private func share(_ law: LearningRateLaw, _ forms: [LawForm]) -> Double {
    forms.reduce(0) { $0 + (law.forms[$1]?.share ?? 0) }
  }

  @Test("where both exponents matter, null models count for nothing", arguments: 0..<5)
  func bothMatter(seed: Int) throws {
    var planted = PlantedLaw()
    planted.cellSpread = 0.05
    let law = try law(planted, seed: UInt64(seed))
    #expect(share(law, LawForm.allCases.filter(\.isNull)) < 0.05)
    #expect(law.forms.betterNull == nil)
    #expect(!law.warns(of: .simplerFormPredictsBetter))
    #expect(abs(share(law, LawForm.allCases) - 1) < 1e-9)
  }

  @Test("where only one exponent matters, its own null model gains")
  func onlyOne() throws {
    var planted = PlantedLaw()
    planted.cellSpread = 0.05
    planted.tokensExponent = 0
    var total = 0.0
    for seed in 0..<10 {
      let law = try law(planted, seed: UInt64(seed))
      total += share(law, [.params])
      #expect(share(law, [.tokens, .constant, .compute]) < 0.05)
    }
    #expect(total > 15 * LawForm.params.priorShare)
  }

  @Test("a constant world is told by the null models that predict it")
  func constant() throws {
    var planted = PlantedLaw()
    planted.paramsExponent = 0
    planted.tokensExponent = 0
    planted.cellSpread = 0.1
    let nulls = LawForm.allCases.filter(\.isNull)
    var warned = 0
    var total = 0.0
    for seed in 0..<10 {
      let law = try law(planted, seed: UInt64(seed))
      if law.warns(of: .simplerFormPredictsBetter) { warned += 1 }
      total += share(law, nulls)
    }
    #expect(total > 15 * nulls.reduce(0) { $0 + $1.priorShare })
    #expect(warned >= 7)
  }

  @Test("a bend is shown where there is one, and hardly ever where there is none")
  func curvature() throws {
    var planted = PlantedLaw()
    planted.cellSpread = 0.05
    let scales = PlantedSweeps.scales(tokens: [0.5e9, 1e9, 2e9, 4e9, 8e9, 1.6e10])
    var shown = (bent: 0, straight: 0)
    for seed in 0..<10 {
      let bent = try law(planted, bend: 0.08, scales: scales, seed: UInt64(seed))
      let curve = try #require(bent.forms.curvature.first { $0.term == .tokensSquared }?.estimate)
      #expect(curve.lower < 0.08 && curve.upper > 0.04)
      if bent.forms.showsCurvature { shown.bent += 1 }
      #expect(bent.warns(of: .curvature) == bent.forms.showsCurvature)
      if try law(planted, scales: scales, seed: UInt64(seed)).forms.showsCurvature {
        shown.straight += 1
      }
    }
    #expect(shown.bent >= 8)
    #expect(shown.straight <= 3)
  }

  @Test("the exponent at a scale is the slope of the law there")
  func exponents() throws {
    let scales = PlantedSweeps.scales(
      tokens: [0.5e9, 1e9, 2e9, 4e9, 8e9, 1.6e10], batches: [131_072, 262_144, 524_288])
    var planted = PlantedLaw()
    planted.batchAtReference = 262_144
    let rate = try #require(law(planted, bend: 0.08, scales: scales, seed: 1).rateAtBatch)
    // A size that no run had, so that no offset of a size is in the way.
    let scale = RunScale(params: 3e8, tokens: 1e10, batchTokens: 4e5)
    let step = 1e-4
    func slope(_ quantity: WritableKeyPath<RunScale, Double>) -> Double {
      var ends = (scale, scale)
      ends.0[keyPath: quantity] *= .exp(step)
      ends.1[keyPath: quantity] *= .exp(-step)
      return (rate.logValue(at: ends.0) - rate.logValue(at: ends.1)) / (2 * step)
    }
    for (quantity, slope) in [(ScaleQuantity.params, slope(\.params)), (.tokens, slope(\.tokens))] {
      let exponent = try #require(rate.exponent(of: quantity, at: scale))
      #expect(abs(exponent - slope) < 1e-6)
    }
    #expect(abs(slope(\.tokens) - (rate.coefficient(of: .tokens)?.value ?? 0)) > 0.02)
    #expect(rate.exponent(of: .activeShare, at: scale) == nil)
  }

  @Test("what a sweep would find is less sure than where the optimum is")
  func measured() throws {
    var planted = PlantedLaw()
    planted.basin.noise = 3e-3
    let rate = try law(planted, seed: 1).rate
    let widths = [true, false].map { measured in
      let estimate = rate.estimate(
        at: PlantedSweeps.target, measured: measured, confidence: 0.9)
      return Double.log(estimate.upper / estimate.lower)
    }
    #expect(widths[0] > 1.02 * widths[1])
    let answer = Recommendation(
      try law(planted, seed: 1), at: PlantedSweeps.target, confidence: 0.9)
    #expect(abs(.log(answer.upper / answer.lower) - widths[0]) < 1e-9)
  }

  @Test("horizons of a schedule that ends with them are runs of their own")
  func cosine() throws {
    func trunks(_ kind: String) throws -> (count: Int, warned: Bool) {
      let runs = PlantedLaw().runs(
        at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(), seed: 1
      ).map { run in
        var run = run
        run.trunk = nil
        run.schedule.kind = kind
        return run
      }
      let law = try PlantedSweeps.fit(runs)
      return (law.source.trunks, law.warns(of: .assumedTrunks))
    }
    #expect(try trunks("cosine") == (16 * 8, false))
    #expect(try trunks("wsd") == (4 * 8, true))
  }

  @Test("scattered model sizes make horizons the better axis")
  func axes() throws {
    var planted = PlantedLaw()
    planted.sizeSpread = 0.3
    var better = 0
    for seed in 0..<10 {
      let axes = try #require(try law(planted, seed: UInt64(seed)).forms.axes)
      #expect(axes.targets > 0 && axes.predictions >= axes.targets)
      if axes.tokensError < axes.paramsError { better += 1 }
    }
    #expect(better >= 8)
  }

  @Test("a diagonal of scales cannot compare axes, and three cells cannot try forms")
  func tooFew() throws {
    let diagonal = zip(PlantedSweeps.params, PlantedSweeps.tokens).map {
      RunScale(params: $0, tokens: $1, batchTokens: PlantedSweeps.batch)
    }
    #expect(try law(PlantedLaw(), scales: diagonal, seed: 1).forms.axes == nil)
    let few = try law(PlantedLaw(), scales: Array(diagonal.prefix(3)), seed: 1).forms
    #expect(few.predictedCells == 0)
    #expect(few[.paramsAndTokens]?.share == LawForm.paramsAndTokens.priorShare)
    #expect(few[.paramsAndTokens]?.error == nil)
  }
}
