import Runs
import ScalingLaws

/// The study that the quickstart shows: a sweep of simulated runs and a larger target.
///
/// The world is made up, so how good the recommendation is can be said exactly.
struct SimulatedStudy {
  let planted: PlantedLaw
  let target = RunScale(params: 3.2e9, tokens: 6.4e10)

  private static let params = [5e7, 1e8, 2e8, 4e8]
  private static let tokens = [1e9, 2e9, 4e9, 8e9]
  private static let batches = [131_072.0, 262_144, 524_288, 1_048_576]
  private static let learningRates = (0..<8).map { 1.25e-4 * Double(1 << $0) }

  init() {
    var planted = PlantedLaw()
    planted.basin.noise = 1e-3
    planted.trunkNoise = 5e-4
    planted.cellSpread = 0.05
    planted.batchExponent = 0.3
    planted.batchAtReference = 262_144
    self.planted = planted
  }

  var runs: [RunRecord] {
    let scales = Self.params.flatMap { params in
      Self.tokens.flatMap { tokens in
        Self.batches.map { RunScale(params: params, tokens: tokens, batchTokens: $0) }
      }
    }
    return planted.runs(at: scales, learningRates: Self.learningRates, seed: 0)
  }

  /// The target at the batch size that the recommendation names.
  func target(of recommendation: Recommendation) -> RunScale {
    RunScale(
      params: target.params, tokens: target.tokens, batchTokens: recommendation.batchTokens)
  }
}
