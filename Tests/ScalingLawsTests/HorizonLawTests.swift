import Numerics
import Runs
import ScalingLaws
import Testing

@Suite struct HorizonLawTests {
  private func fitted(
    _ runs: [RunRecord], _ horizons: [Double] = [1.6e10]
  ) -> HorizonSearch? {
    HorizonSearch(fitting: runs, predicting: horizons, confidence: 0.9)
  }

  @Test("without noise curves come back and predictions are exact", arguments: [0.15, 0.4, 1.1])
  func exactness(exponent: Double) throws {
    var world = HorizonWorld()
    world.exponent = exponent
    world.noise = 0
    let search = try #require(fitted(world.runs()))
    #expect(search.laws.count == 3)
    #expect(search.predictedCells == 12)
    #expect(search.measuredCells == 48)
    #expect(search.gridCells == 60)
    for law in search.laws {
      // Losses count as written to six digits, and the curve's power is that much less sure.
      #expect(law.exponent.value.isApproximatelyEqual(to: exponent, relativeTolerance: 1e-3))
      for curve in law.curves {
        let prediction = try #require(curve.predicted.first)
        let truth = world.loss(params: law.params, rate: curve.learningRate, tokens: 1.6e10)
        #expect(prediction.loss.value.isApproximatelyEqual(to: truth, relativeTolerance: 1e-5))
        let drawn = curve.floor + curve.excess * .pow(1.6e10 / curve.reference, -exponent)
        #expect(drawn.isApproximatelyEqual(to: truth, relativeTolerance: 1e-4))
        let floor = world.loss(params: law.params, rate: curve.learningRate, tokens: 1e300)
        #expect(curve.floor.isApproximatelyEqual(to: floor, relativeTolerance: 1e-3))
      }
    }
    #expect(try #require(search.test).errorPercent < 1e-3)
  }

  @Test("γ comes back within its interval under noise")
  func exponent() throws {
    var covered = 0
    for seed in 0..<100 {
      let laws = try #require(fitted(HorizonWorld().runs(seed: UInt64(seed)))).laws
      covered += laws.count { ($0.exponent.lower...$0.exponent.upper).contains(0.4) }
    }
    // 300 intervals of 90 %, within three standard errors.
    #expect((254...286).contains(covered), "\(covered)")
  }

  @Test("three horizons are no law, and a horizon that was annealed is not predicted")
  func refusals() throws {
    var world = HorizonWorld()
    let runs = world.runs()
    #expect(fitted(runs.filter { $0.tokens < 8e9 }) == nil)
    #expect(fitted([]) == nil)
    let near = try #require(fitted(runs, [8.04e9, 1.6e10, 1e12, 5e8]))
    #expect(near.laws.flatMap(\.curves).allSatisfy { $0.predicted.map(\.tokens) == [1.6e10] })
    world.sizes = [1e8]
    let thin = world.runs().filter { $0.tokens < 8e9 || $0.learningRate < 4e-3 }
    #expect(try #require(fitted(thin)).laws[0].curves.map(\.learningRate) == [5e-4, 1e-3, 2e-3])
  }

  @Test("a trunk that diverged predicts nothing beyond, and a rising one is no part of the law")
  func divergence() throws {
    var world = HorizonWorld()
    world.sizes = [1e8]
    world.horizons.append(1.6e10)
    var runs = world.runs()
    for index in runs.indices where runs[index].learningRate == 4e-3 {
      if runs[index].tokens == 1.6e10 {
        runs[index].loss = nil
        runs[index].status = .diverged
      }
    }
    for index in runs.indices where runs[index].learningRate == 5e-4 {
      runs[index].loss = runs[index].loss.map { 2 * 3 - $0 }
    }
    let law = try #require(fitted(runs, [6e9, 3.2e10])).laws[0]
    #expect(law.curves.map(\.learningRate) == [1e-3, 2e-3, 4e-3])
    #expect(
      law.curves.map { $0.predicted.map(\.tokens) } == [[6e9, 3.2e10], [6e9, 3.2e10], [6e9]])
  }

  @Test("the order of rows does not matter, nor do trunks have to be named")
  func order() throws {
    let runs = HorizonWorld().runs()
    let search = try #require(fitted(runs))
    #expect(fitted(runs.reversed()) == search)
    let unnamed = try #require(
      fitted(
        runs.map { record in
          var record = record
          record.trunk = nil
          return record
        }))
    #expect(unnamed.predictedCells == search.predictedCells)
    #expect(unnamed.laws.map(\.exponent) == search.laws.map(\.exponent))
    #expect(unnamed.predictedRecords(beside: runs).isEmpty)
  }

  @Test("with little to go on nothing is below zero or not a number", arguments: 0..<50)
  func extremes(seed: UInt64) throws {
    var world = HorizonWorld()
    world.noise = 0.3
    world.rates = [1e-3]
    guard let search = fitted(world.runs(seed: seed), [1.6e10, 6.4e10]) else { return }
    for curve in search.laws.flatMap(\.curves) {
      #expect(curve.floor > 0)
      for prediction in curve.predicted {
        #expect(prediction.loss.lower > 0 && prediction.loss.upper.isFinite)
        #expect(prediction.standardError > 0 && prediction.differenceError > 0)
      }
    }
  }
}
