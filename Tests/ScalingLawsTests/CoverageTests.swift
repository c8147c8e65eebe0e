import Numerics
import Runs
import ScalingLaws
import Testing

/// Whether intervals hold what they promise, over many simulated sweeps.
@Suite struct CoverageTests {
  private static let sweeps = 100

  /// Worlds in which different things make optima uncertain.
  enum World: CaseIterable, CustomTestStringConvertible {
    case scatteredCells, noisyRuns, noisyTrunks, threeRates

    var testDescription: String { "\(self)" }

    var law: PlantedLaw {
      var law = PlantedLaw()
      switch self {
      case .scatteredCells: law.cellSpread = 0.15
      case .noisyRuns: law.basin.noise = 2e-3
      case .noisyTrunks:
        law.trunkNoise = 2e-3
        law.basin.noise = 2e-4
      case .threeRates: law.cellSpread = 0.1
      }
      return law
    }

    /// Counts of 100 that a 90 % interval may fall to, by three standard errors.
    ///
    /// They may all hold: these worlds have no scatter of sizes and no curvature, which four sizes
    /// cannot rule out, so most of their intervals' width stays a prior guess. `DamagedCoverageTests`
    /// has worlds with both.
    static let accepted = 81...100

    /// Learning rates; three of them must still bracket every cell's optimum.
    var rates: [Double] {
      self == .threeRates ? [6e-4, 1.8e-3, 5.4e-3] : PlantedSweeps.rates()
    }
  }

  @Test(
    "90 % intervals hold the optimum that a sweep at the target finds nine times in ten",
    arguments: World.allCases)
  func prediction(world: World) throws {
    let planted = world.law
    let target = RunScale(params: 1.6e9, tokens: 3.2e10, batchTokens: PlantedSweeps.batch)
    var covered = 0
    var octaves: [Double] = []
    for sweep in 0..<Self.sweeps {
      let runs = planted.runs(
        at: PlantedSweeps.scales(), learningRates: world.rates, seed: UInt64(sweep))
      let answer = Recommendation(try PlantedSweeps.fit(runs), at: target.cell, confidence: 0.9)
      let atTarget = planted.runs(
        at: [target], learningRates: PlantedSweeps.rates(), seed: UInt64(1000 + sweep))
      let found = try #require(try PlantedSweeps.fit(atTarget).cells.first?.optimum)
      if (answer.lower...answer.upper).contains(found.value) { covered += 1 }
      octaves.append(.log2(answer.upper / answer.lower))
    }
    #expect(World.accepted.contains(covered), "\(covered) of \(Self.sweeps)")
    #expect(octaves.sorted()[Self.sweeps / 2] < 1.8)
  }

  @Test("90 % intervals of the exponents hold the planted ones")
  func exponents() throws {
    let planted = World.scatteredCells.law
    var covered = [0, 0]
    for sweep in 0..<Self.sweeps {
      let runs = planted.runs(
        at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(), seed: UInt64(sweep))
      let law = try PlantedSweeps.fit(runs)
      let truths = [(LawTerm.params, planted.paramsExponent), (.tokens, planted.tokensExponent)]
      for (place, (term, truth)) in truths.enumerated() {
        let estimate = try #require(law.rate.coefficient(of: term))
        if (estimate.lower...estimate.upper).contains(truth) { covered[place] += 1 }
      }
    }
    for count in covered { #expect(count >= 81, "\(covered) of \(Self.sweeps)") }
  }
}
