import Foundation
import Runs
import ScalingLaws

/// What the quickstart found, as it is kept in `result.json` and printed.
struct QuickstartResult: Codable {
  static let version = 1

  var version = Self.version
  /// Whether the runs are simulated; trained runs will say `false`.
  var simulated = true
  var runs: Int
  var divergedRuns: Int
  var law: String
  var params: Double
  var tokens: Double
  var batchTokens: Double?
  var learningRate: Double
  var lower: Double
  var upper: Double
  var confidence: Double
  /// The optimum that was planted at the target and the batch size recommended for it.
  var plantedOptimum: Double
  /// The percentage by which loss at the recommended rate exceeds the least.
  var gapPercent: Double

  init(_ study: SimulatedStudy, law: LearningRateLaw, recommendation: Recommendation) {
    let target = study.target(of: recommendation)
    runs = law.source.runs
    divergedRuns = law.source.divergedRuns
    self.law = recommendation.law
    params = recommendation.params
    tokens = recommendation.tokens
    batchTokens = recommendation.batchTokens
    learningRate = recommendation.learningRate
    lower = recommendation.lower
    upper = recommendation.upper
    confidence = recommendation.confidence
    plantedOptimum = study.planted.optimum(at: target)
    gapPercent = study.planted.gapPercent(of: learningRate, at: target)
  }

  /// The result for a person at a terminal.
  func text(report: String) -> String {
    let batch = batchTokens.map { " at a batch of \(Quantity.format($0)) tokens" } ?? ""
    let isInside = (lower...upper).contains(plantedOptimum)
    let ratio = learningRate / plantedOptimum
    return """
      Simulated runs: \(runs) from a planted law with noise, \(divergedRuns) of them diverged. \
      Nothing was trained.
      law      \(law)
      target   \(Quantity.format(params)) params on \(Quantity.format(tokens)) tokens, 8 times as \
      large and as long as the largest run
      advice   learning rate \(Quantity.learningRate(learningRate, digits: 3))\(batch), \(Int((100 * confidence).rounded())) % \
      interval of the optimum \(Quantity.learningRate(lower, digits: 3)) to \(Quantity.learningRate(upper, digits: 3))
      planted  optimum \(Quantity.learningRate(plantedOptimum, digits: 3)), \(isInside ? "inside" : "OUTSIDE") the \
      interval; the advice is \(ratio.rounded(places: 2)) times it
      gap      \(gapPercent.rounded(places: 3)) % of loss lost at the target by following the advice
      report   \(report)
      """
  }
}
