import RealModule
import Runs
import ScalingLaws
import Testing

@Suite struct FitWarningTests {
  private let planted = PlantedLaw()

  private func runs(
    _ scales: [RunScale] = PlantedSweeps.scales(), rates: [Double] = PlantedSweeps.rates()
  ) -> [RunRecord] {
    planted.runs(at: scales, learningRates: rates, seed: 21)
  }

  @Test("a clean sweep warns of nothing but divergence and what the table does not say")
  func clean() throws {
    let law = try PlantedSweeps.fit(runs())
    #expect(Set(law.warnings.map(\.code)) == [.simulatedRuns, .unknownKinds, .divergedRuns])
    #expect(law.cells.allSatisfy { $0.status == .located })
  }

  @Test("a cell whose best run is the last one tried is reported, and only bounds its optimum")
  func edge() throws {
    var runs = runs()
    runs.removeAll { $0.params == 5e7 && $0.learningRate > 1.1e-3 }
    let law = try PlantedSweeps.fit(runs)
    #expect(law.warns(of: .edgeOptimum))
    for cell in law.cells { #expect(cell.status == (cell.params == 5e7 ? .edge : .located)) }
    #expect(law.cells.first { $0.params == 5e7 }?.slices[0].edge == .highest)
    // The rates of that size end at a third of its optimum at the shortest horizon.
    let scale = RunScale(params: 5e7, tokens: 1e9)
    let estimate = law.rate.estimate(at: scale, measured: false, confidence: 0.9)
    #expect(estimate.lower < planted.optimum(at: scale))
    #expect(estimate.upper > planted.optimum(at: scale))
    let without = try PlantedSweeps.fit(runs.filter { $0.params != 5e7 })
    let target = PlantedSweeps.target
    #expect(abs(.log(law.rate.value(at: target) / without.rate.value(at: target))) < 0.15)
  }

  @Test("an optimum beyond the last rate tried draws the law to its side")
  func edgeDraws() throws {
    // The smallest size has optima four times above the law, and rates that end below them.
    let runs = runs().map { run in
      var run = run
      if run.params == 5e7 { run.learningRate *= 4 }
      return run
    }.filter { $0.params > 5e7 || $0.learningRate < 4.4e-3 }
    let scale = RunScale(params: 5e7, tokens: 2e9)
    let with = try PlantedSweeps.fit(runs)
    #expect(with.cells.first { $0.params == 5e7 }?.status == .edge)
    let without = try PlantedSweeps.fit(runs.filter { $0.params > 5e7 })
    #expect(with.rate.value(at: scale) > 1.2 * without.rate.value(at: scale))
    #expect(with.rate.value(at: scale) < 4 * planted.optimum(at: scale))
    let far = PlantedSweeps.target
    #expect(abs(.log(with.rate.value(at: far) / without.rate.value(at: far))) < 0.8)
  }

  @Test("one lucky seed at the end of the rates is no edge")
  func luckyEnd() throws {
    func edge(_ losses: [(rate: Double, seed: String, loss: Double)]) throws -> SweepEdge? {
      let sweep = LearningRateSweep(
        losses.map { run in
          var record = RunRecord(
            params: 1e6, tokens: 1e8, learningRate: run.rate, loss: run.loss)
          record.seed = run.seed
          record.status = .finished
          return record
        })
      return try #require(sweep.slices.first).edge
    }
    let lower = [
      (4e-3, "0", 3.40), (4e-3, "1", 3.41), (1.6e-2, "0", 3.305), (1.6e-2, "1", 3.300),
    ]
    #expect(try edge(lower + [(6.4e-2, "0", 3.298), (6.4e-2, "1", 3.350)]) == nil)
    #expect(try edge(lower + [(6.4e-2, "0", 3.298), (6.4e-2, "1", 3.299)]) == .highest)
  }

  @Test("a thousandfold unit of learning rate is a thousandfold answer, edges and all")
  func edgeUnits() throws {
    // Far from the law on both sides, so that some slices add nothing to its prediction.
    let runs = runs().map { run in
      var run = run
      if run.params == 5e7 { run.learningRate *= run.tokens < 3e9 ? 8 : 1.0 / 8 }
      return run
    }.filter { $0.params > 5e7 || (3e-4..<4.4e-3).contains($0.learningRate) }
    let scaled = runs.map { run in
      var run = run
      run.learningRate *= 1000
      return run
    }
    let answers = try [runs, scaled].map { runs in
      try PlantedSweeps.fit(runs).rate.value(at: PlantedSweeps.target)
    }
    #expect(abs(answers[1] / answers[0] / 1000 - 1) < 1e-3)
  }

  @Test("a few noisy slices do not make all of them noisy")
  func noisySlices() throws {
    let runs = runs().enumerated().map { place, run in
      var run = run
      var random = KeyedRandom(seed: 5, UInt64(place))
      if run.tokens == 1e9, run.params < 2.5e8 {
        run.loss = run.loss.map { $0 * (1 + 1.5e-2 * random.normal()) }
      }
      return run
    }
    let noise = try PlantedSweeps.fit(runs).basin.noise
    #expect(noise < 2 * planted.basin.noise, "\(noise)")
  }

  @Test("a diverged run beyond the best one brackets the optimum")
  func divergedBracket() throws {
    var runs = runs()
    for index in runs.indices where runs[index].params == 5e7 && runs[index].learningRate > 1.1e-3 {
      runs[index].loss = nil
      runs[index].status = .diverged
    }
    let law = try PlantedSweeps.fit(runs)
    #expect(!law.warns(of: .edgeOptimum))
    #expect(law.cells.allSatisfy { $0.status == .located })
  }

  @Test("the optimum is never placed at or above a rate that diverged")
  func divergedBound() throws {
    var precise = planted
    precise.basin.noise = 1e-5
    var runs = precise.runs(
      at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(24, factor: 1.25), seed: 23)
    for index in runs.indices where runs[index].params == 5e7 && runs[index].learningRate > 1.5e-3 {
      runs[index].loss = nil
      runs[index].status = .diverged
    }
    let law = try PlantedSweeps.fit(runs)
    for cell in law.cells where cell.params == 5e7 {
      let slice = cell.slices[0]
      let diverged = zip(slice.learningRates, slice.diverged).filter(\.1).map(\.0)
      // The rest of the basin points beyond the rates that diverged.
      #expect(precise.optimum(at: cell.scale.at(batch: PlantedSweeps.batch)) > 1.99e-3)
      #expect(try #require(cell.optimum).value < #require(diverged.min()))
    }
  }

  @Test("a finite loss far above its basin is found to have diverged")
  func foundDivergence() throws {
    var runs = runs()
    let index = try #require(
      runs.firstIndex { $0.params == 1e8 && $0.tokens == 2e9 && $0.learningRate == 4e-3 })
    let place = try #require(runs[index].loss)
    runs[index].loss = place * 1.5
    let before = try PlantedSweeps.fit(self.runs())
    let law = try PlantedSweeps.fit(runs)
    #expect(law.source.divergedRuns == before.source.divergedRuns + 1)
  }

  @Test("one absurdly low loss is set aside, named, and does not move the answer")
  func absurdlyLow() throws {
    var runs = runs()
    let index = try #require(
      runs.firstIndex { $0.params == 1e8 && $0.tokens == 2e9 && $0.learningRate == 2.5e-4 })
    let before = try PlantedSweeps.fit(runs)
    runs[index].loss = 0.3
    let law = try PlantedSweeps.fit(runs)
    #expect(law.warns(of: .implausibleLosses))
    #expect(law.source.divergedRuns == before.source.divergedRuns)
    let answers = [before, law].map { $0.rate.logValue(at: PlantedSweeps.target) }
    #expect(abs(answers[0] - answers[1]) < 0.02)
  }

  @Test("of unlabelled repeats the best finished one counts, whatever a diverged one says")
  func repeats() throws {
    let clean = try PlantedSweeps.fit(runs())
    let worse = runs().filter { $0.loss != nil }.map { run in
      var run = run
      run.trunk = nil
      run.loss = run.loss.map { $0 * 1.3 }
      return run
    }
    let diverged = worse.map { run in
      var run = run
      run.status = .diverged
      run.loss = 0.1
      return run
    }
    let law = try PlantedSweeps.fit(runs() + worse + diverged)
    #expect(law.source.divergedRuns == clean.source.divergedRuns + diverged.count)
    for (a, b) in zip(law.cells, clean.cells) {
      #expect(try #require(a.optimum).value == #require(b.optimum).value)
    }
  }

  @Test("cells that are not used do not count as seen when the target's distance is told")
  func supportedRange() throws {
    var runs = runs()
    runs.removeAll { $0.params == 4e8 && $0.learningRate > 6e-4 }
    let law = try PlantedSweeps.fit(runs)
    let answer = Recommendation(law, at: RunScale(params: 4e8, tokens: 2e9), confidence: 0.9)
    #expect(answer.extrapolationDecades.params > 0.3)
    #expect(law.ranges.params.upper == 4e8)
  }

  @Test("a loss above that of an even guess has diverged")
  func aboveStart() {
    var record = RunRecord(params: 1e8, tokens: 2e9, learningRate: 1e-2, loss: 5.6)
    record.vocabulary = 256
    #expect(record.hasDiverged)
    record.loss = 5.5
    #expect(!record.hasDiverged)
    record.initialLoss = 5.4
    #expect(record.hasDiverged)
    record.initialLoss = nil
    record.loss = 7.9
    record.lossKind = "bits per byte"
    #expect(!record.hasDiverged)
  }

  @Test("cells with too few learning rates are reported and not used")
  func sparse() throws {
    var runs = runs()
    runs.removeAll { $0.params == 5e7 && !(1e-3...4.1e-3).contains($0.learningRate) }
    runs.removeAll { $0.params == 5e7 && $0.tokens == 1e9 && $0.learningRate > 2.1e-3 }
    let law = try PlantedSweeps.fit(runs)
    #expect(law.warnings.filter { $0.code == .sparseCell }.count == 2)
    let cut = law.cells.first { $0.params == 5e7 && $0.tokens == 1e9 }
    #expect(cut?.status == .tooFewLearningRates)
  }

  @Test("one size or one horizon leaves an exponent to the prior, and says so")
  func notIdentified() throws {
    let oneSize = try PlantedSweeps.fit(runs(PlantedSweeps.scales(params: [1e8])))
    #expect(oneSize.warns(of: .paramsNotIdentified))
    #expect(!oneSize.warns(of: .tokensNotIdentified))
    let exponent = try #require(oneSize.rate.coefficient(of: .params))
    #expect(exponent.upper - exponent.lower > 0.8)
    let oneHorizon = try PlantedSweeps.fit(runs(PlantedSweeps.scales(tokens: [2e9])))
    #expect(oneHorizon.warns(of: .tokensNotIdentified))
    #expect(!oneHorizon.warns(of: .paramsNotIdentified))
  }

  @Test("a single cell still answers, with all its warnings")
  func oneCell() throws {
    let law = try PlantedSweeps.fit(runs([RunScale(params: 1e8, tokens: 2e9)]))
    for code in [FitWarning.Code.paramsNotIdentified, .tokensNotIdentified, .fewCells, .noHoldOut] {
      #expect(law.warns(of: code))
    }
  }

  @Test("where scale does not matter, the law is said to be no better than a constant")
  func constant() throws {
    var flat = planted
    flat.paramsExponent = 0
    flat.tokensExponent = 0
    let flatRuns = flat.runs(
      at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(), seed: 22)
    #expect(try PlantedSweeps.fit(flatRuns).warns(of: .noBetterThanConstant))
    #expect(try !PlantedSweeps.fit(runs()).warns(of: .noBetterThanConstant))
  }

  @Test("horizons that share all but tokens are taken as one trunk, and it is said")
  func assumedTrunks() throws {
    let unnamed = runs().map { record in
      var record = record
      record.trunk = nil
      return record
    }
    let law = try PlantedSweeps.fit(unnamed)
    #expect(law.warns(of: .assumedTrunks))
    #expect(law.source.trunks == PlantedSweeps.params.count * PlantedSweeps.rates().count)
  }

  @Test("differing recipes are named, where the contract does not forbid them")
  func mixedRecipe() throws {
    var runs = runs()
    for index in runs.indices {
      runs[index].optimizer.beta2 = runs[index].params > 1e8 ? 0.95 : 0.99
    }
    let law = try PlantedSweeps.fit(runs)
    #expect(law.recipe.mixedFields == ["optimizer.beta2"])
    #expect(law.warns(of: .mixedRecipe))
  }

  @Test("targets beyond the runs, at untried batches or rates are marked")
  func targets() throws {
    let law = try PlantedSweeps.fit(runs())
    func codes(_ target: RunScale) -> [FitWarning.Code] {
      Recommendation(law, at: target, confidence: 0.9).warnings.map(\.code)
    }
    #expect(!codes(RunScale(params: 1e8, tokens: 2e9)).contains(.extrapolation))
    #expect(codes(RunScale(params: 1e9, tokens: 2e9)).contains(.extrapolation))
    #expect(
      codes(RunScale(params: 1e8, tokens: 2e9, batchTokens: 1e6)).contains(.batchNotIdentified))
    #expect(codes(RunScale(params: 1e13, tokens: 1e14)).contains(.outsideSweptRates))
  }
}
