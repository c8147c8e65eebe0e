import Runs
import ScalingLaws
import Testing

/// Grids of simulated runs that several tests fit.
enum PlantedSweeps {
  static let params = [5e7, 1e8, 2e8, 4e8]
  static let tokens = [1e9, 2e9, 4e9, 8e9]
  static let batch = 262_144.0
  static let target = RunScale(params: 3.2e9, tokens: 6.4e10)

  static func scales(
    params: [Double] = params, tokens: [Double] = tokens, batches: [Double?] = [batch]
  ) -> [RunScale] {
    params.flatMap { params in
      tokens.flatMap { tokens in
        batches.map { RunScale(params: params, tokens: tokens, batchTokens: $0) }
      }
    }
  }

  /// Rates a factor 2 apart from 1.25e-4 on.
  static func rates(
    _ count: Int = 8, from lowest: Double = 1.25e-4, factor: Double = 2
  ) -> [Double] {
    var rates = [lowest]
    while rates.count < count { rates.append(rates[rates.count - 1] * factor) }
    return rates
  }

  static func fit(
    _ runs: [RunRecord], draws: Int = 200, confidence: Double = 0.9
  ) throws -> LearningRateLaw {
    var options = FitOptions()
    options.draws = draws
    options.confidence = confidence
    return try LearningRateLaw(
      fitting: runs, from: LawSource(file: "runs.csv", digest: nil), options: options)
  }
}

extension LearningRateLaw {
  func warns(of code: FitWarning.Code) -> Bool { warnings.contains { $0.code == code } }
}

extension Tag {
  @Tag static var slow: Self
}
