import Numerics
import RealModule
import Runs
import ScalingLaws
import Testing

/// The model of losses that plans are made with.
@Suite struct LossSurfaceTests {
  private static let layout = SurfaceLayout(
    PlantedSweeps.scales(
      params: [5e7, 2e8], tokens: [1e9, 4e9], batches: [65_536, 262_144, 1_048_576]),
    options: SurfaceOptions(learningRates: [5e-4, 1e-2], batches: [65_536, 1_048_576]))

  /// Numbers with nothing special about them, near what is usual.
  private static func model(_ seed: UInt64) -> SurfaceModel {
    var random = KeyedRandom(seed: seed)
    var values = (0..<layout.count).map { _ in 0.3 * random.normal() }
    // Beyond six nats from an optimum a rise is cut off, and its derivatives with it.
    values[SurfaceCoefficient.optimum.rawValue] += .log(2e-3)
    values[SurfaceCoefficient.batch.rawValue] += .log(262_144)
    return SurfaceModel(layout: layout, values: values)
  }

  @Test("derivatives are those of differences", arguments: [0, 1, 2] as [UInt64])
  func derivatives(seed: UInt64) throws {
    let model = Self.model(seed)
    let step = 1e-5
    for scale in Self.layout.cells {
      for batch in [65_536, 1_048_576.0] {
        for rate in [6e-4, 2e-3, 7e-3] {
          var placed = scale
          placed.batchTokens = batch
          let place = try #require(Self.layout.place(placed, learningRate: rate))
          let row = model.loss(at: place).row
          var slopes = [Double](repeating: 0, count: Self.layout.count)
          for (index, value) in zip(row.indices, row.values) { slopes[index] += value }
          for index in slopes.indices {
            var (high, low) = (model, model)
            high.values[index] += step
            low.values[index] -= step
            let difference =
              (high.loss(at: place).value - low.loss(at: place).value) / (2 * step)
            // Sides' powers are differentiated by differences of a ten-thousandth themselves.
            #expect(
              abs(slopes[index] - difference) < 1e-5 * (1 + abs(difference)),
              "number \(index): \(slopes[index]) beside \(difference)")
          }
        }
      }
    }
  }

  /// Runs apart in rate and batch, of which no slice has three.
  private func scattered(_ planted: PlantedLaw, seed: UInt64) -> [RunRecord] {
    let batches = [65_536, 131_072, 262_144, 524_288, 1_048_576.0]
    var runs: [RunRecord] = []
    for (size, params) in PlantedSweeps.params.enumerated() {
      for (horizon, tokens) in PlantedSweeps.tokens.enumerated() {
        for place in 0..<4 {
          let batch = batches[(size + horizon + place) % batches.count]
          let rate = 5e-4 * Double.pow(2.2, Double((place + size) % 4))
          runs += planted.runs(
            at: [RunScale(params: params, tokens: tokens, batchTokens: batch)],
            learningRates: [rate], seed: seed)
        }
      }
    }
    return runs
  }

  @Test("runs of which no slice has three rates give the optimum within their interval")
  func scatteredRuns() throws {
    var planted = PlantedLaw()
    planted.batchAtReference = 262_144
    let target = RunScale(params: 1.6e9, tokens: 3.2e10)
    var covered = 0
    for seed in 0..<20 as Range<UInt64> {
      let runs = scattered(planted, seed: seed)
      #expect(throws: FitError.self) { try PlantedSweeps.fit(runs) }
      let plan = try Planner(candidates: [], budget: 0).next(
        known: runs, target: [target], prices: RunPrices())
      let answer = try #require(
        TargetAnswer.surest(known: runs, outlook: plan.known, confidence: 0.9).first)
      #expect(answer.source == .surface)
      #expect(answer.optimum.upper / answer.optimum.lower < 6)
      if (answer.optimum.lower...answer.optimum.upper).contains(planted.optimum(at: target)) {
        covered += 1
      }
    }
    #expect(covered >= 17, "\(covered) of 20")
  }

  @Test("the order of runs changes nothing")
  func order() throws {
    let runs = scattered(PlantedLaw(), seed: 3)
    func plan(_ runs: [RunRecord]) throws -> [Double] {
      try Planner(candidates: [], budget: 0).next(
        known: runs, target: [PlantedSweeps.target], prices: RunPrices()
      ).known.map(\.penaltyPercent)
    }
    #expect(try plan(runs) == plan(runs.reversed()))
  }
}
