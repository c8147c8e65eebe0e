import Numerics
import Runs
import ScalingLaws

/// Worlds whose sweeps are damaged before they are fitted.
enum DamagedWorld: UInt64, CaseIterable {
  case exactLaw, evenBasin, steepRight, steepLeft, steepLaw, noisyRuns, noisyTrunks, batches

  /// The law of one sweep.
  ///
  /// An interval that averages over how far cells and sizes scatter is right on average over worlds
  /// that differ in it, so each sweep draws its own; only in `exactLaw` nothing scatters.
  private func law(ofSeed seed: UInt64) -> PlantedLaw {
    var law = PlantedLaw()
    law.basin.noise = 1e-3
    var random = KeyedRandom(seed: seed, 5)
    if self != .exactLaw {
      law.cellSpread = .random(in: 0...0.2, using: &random)
      law.sizeSpread = .random(in: 0...0.15, using: &random)
    }
    switch self {
    case .exactLaw: break
    case .evenBasin: law.basin.shape = BasinShape(left: 0.7, right: 0.7)
    case .steepRight: law.basin.shape = BasinShape(left: 0.4, right: 1.6)
    case .steepLeft: law.basin.shape = BasinShape(left: 1.2, right: 0.5)
    case .steepLaw:
      law.paramsExponent = -0.7
      law.tokensExponent = 0.2
    case .noisyRuns: law.basin.noise = 2e-3
    case .noisyTrunks:
      law.basin.noise = 3e-4
      law.trunkNoise = 2e-3
    case .batches:
      law.batchExponent = 0.4
      law.batchAtReference = PlantedSweeps.batch
    }
    return law
  }

  /// How many sweeps are simulated; together 500.
  var sweeps: Int { self == .batches ? 38 : 66 }

  private var scales: [RunScale] {
    switch self {
    case .batches:
      PlantedSweeps.scales(
        params: [5e7, 1e8, 2e8], tokens: [1e9, 2e9, 4e9],
        batches: [65_536, 131_072, 262_144, 524_288])
    case .exactLaw, .noisyTrunks: PlantedSweeps.scales()
    default: PlantedSweeps.scales(tokens: [1e9, 2.5e9, 6e9])
    }
  }

  /// What one sweep promised, and what came.
  struct Outcome {
    var interval: ClosedRange<Double>
    /// The optimum of the target, with the luck of its cell and size.
    var optimum: Double
    /// Where an undamaged sweep at the target finds it.
    var measured: Double?

    var octaves: Double { .log2(interval.upperBound / interval.lowerBound) }
    var holdsOptimum: Bool { interval.contains(optimum) }
    var holdsMeasured: Bool { measured.map(interval.contains) ?? false }
  }

  /// Fits one damaged sweep and asks it for a target two to four times beyond its largest scale.
  func outcome(ofSweep sweep: Int) throws -> Outcome {
    // No two sweeps share their luck, of whichever worlds, so that counts may be added.
    let seed = 1000 * rawValue + UInt64(sweep)
    let law = law(ofSeed: seed)
    let runs = law.runs(at: scales, learningRates: PlantedSweeps.rates(), seed: seed)
    let fitted = try PlantedSweeps.fit(
      SweepDamage().damaged(runs, seed: seed), draws: FitOptions.leastDraws)

    let factor = Double(2 + sweep % 3)
    var target = RunScale(
      params: factor * (scales.map(\.params).max() ?? 0),
      tokens: factor * (scales.map(\.tokens).max() ?? 0))
    let answer = Recommendation(fitted, at: target, confidence: 0.9)
    target.batchTokens = law.bestBatchTokens(at: target) ?? PlantedSweeps.batch
    // The target's luck is its own too. Its rates are of the same grid, and reach its optimum.
    let targetSeed = seed + 1_000_000
    let atTarget = law.runs(
      at: [target], learningRates: PlantedSweeps.rates(12, from: 1.5625e-5), seed: targetSeed)
    return Outcome(
      interval: answer.lower...answer.upper,
      optimum: law.optimum(at: target) * .exp(law.shift(at: target, cell: 0, seed: targetSeed)),
      measured: fitted.optimum(measuredBy: atTarget, confidence: 0.9)?.value)
  }
}
