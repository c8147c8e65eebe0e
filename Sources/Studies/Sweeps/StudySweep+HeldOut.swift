import Foundation
import Runs
package import ScalingLaws

extension StudySweep {
  /// Trains the hold-out at the rate that the law recommends and around it.
  ///
  /// The recommendation is written down before the first run is begun, and stays as long as the
  /// runs that it rests on are the same.
  ///
  /// - Returns: Whether all have ended; not, when a stop was asked for.
  package func trainHeldOut(
    _ law: LearningRateLaw, with executor: some Executor, _ observer: Observer
  ) throws -> Bool {
    guard let holdOut = plan.study.holdOut else { return true }
    let prediction = try prediction(for: holdOut, by: law)
    try store.clearHeldOut()
    var runs: [PlannedRun] = []
    var factors = holdOut.factors
    // Where the least loss is at an end of the rates, the gap would be measured against too little.
    for _ in 0...Self.mostExtensions {
      let added = try heldOutRuns(factors, around: prediction.learningRate)
      try add(added)
      runs += added
      guard try train(runs, with: executor, observer) else { return false }
      let ids = Set(runs.map(\.id))
      let stored = try store.plannedRuns().filter { ids.contains($0.run.id) }
      guard let next = HeldOutTest(prediction, stored, law: law)?.nextFactor else { return true }
      factors = [next]
    }
    return true
  }

  private static let mostExtensions = 2

  /// What the runs of the sweep say of the hold-out, as it was first said.
  private func prediction(
    for holdOut: StudyDescription.HoldOut, by law: LearningRateLaw
  ) throws -> HeldOutPrediction {
    let digest = try StudyPlan.heldOutDigest(plan.study, plan.runs)
    if let kept = try store.prediction(for: digest) { return kept }
    let model = try corpora.plan(
      plan.heldOutRun(at: 1), as: .heldOut)
    let target = RunScale(
      params: Double(
        law.paramsKind == .nonEmbedding ? model.paramsNonEmbedding : model.paramsTotal),
      tokens: Double(holdOut.tokens), batchTokens: Double(plan.study.batchTokens[0]))
    let recommendation = Recommendation(law, at: target, confidence: FitOptions().confidence)
    let prediction = HeldOutPrediction(
      learningRate: recommendation.learningRate.rounded(significant: 3),
      optimum: Estimate(
        value: recommendation.optimum, lower: recommendation.lower, upper: recommendation.upper,
        confidence: recommendation.confidence),
      law: recommendation.law)
    try store.keep(prediction, for: digest)
    return prediction
  }

  private func heldOutRuns(
    _ factors: [Double], around learningRate: Double
  ) throws -> [PlannedRun] {
    try factors.map { try corpora.plan(plan.heldOutRun(at: $0 * learningRate), as: .heldOut) }
  }
}

extension StudyPlan {
  /// What the sweep and the hold-out take, as far as they are planned.
  func operations(_ corpora: StudyCorpora) throws -> Double {
    var operations = runs.reduce(0) { $0 + $1.operations }
    if let holdOut = study.holdOut {
      operations +=
        Double(holdOut.factors.count)
        * (try corpora.plan(heldOutRun(at: 1), as: .heldOut).operations)
    }
    return operations
  }

  /// Names the prediction for the hold-out: by it and by the runs that it rests on.
  static func heldOutDigest(_ study: StudyDescription, _ runs: [PlannedRun]) throws -> String {
    struct Basis: Encodable {
      var model: ModelDescription?
      var tokens: Int?
      var predictedTokens: [Int]
      var runs: [String]
    }
    return try Digest(
      ofJSON: Basis(
        model: study.holdOut?.model, tokens: study.holdOut?.tokens,
        predictedTokens: study.predictedTokens, runs: runs.filter { $0.role != .trunk }.map(\.id))
    ).shortID
  }
}
