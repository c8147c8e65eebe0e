package import Runs

/// The learning rate for a target by what is known now, however little that is.
package struct TargetAnswer: Sendable {
  package var target: RunScale
  /// The one to use: it minimises expected loss.
  package var learningRate: Double
  package var optimum: Estimate
  /// The percentage of loss that not knowing the optimum is expected to cost.
  package var penaltyPercent: Double
  package var source: Source

  /// What the runs were read with.
  package enum Source: String, Codable, Sendable {
    /// The fit of slices, as `vernier fit` makes it.
    case law
    /// The loss surface, which a few runs are enough for.
    case surface
  }
}

extension TargetAnswer {
  /// The answers of the surer reading of the runs, by what each expects its error to cost.
  ///
  /// - Parameters:
  ///   - known: Finished runs.
  ///   - outlook: What a loss surface says.
  ///   - confidence: The share of the intervals.
  /// - Returns: One for each target.
  package static func surest(
    known: [RunRecord], outlook: [TargetOutlook], confidence: Double
  ) -> [TargetAnswer] {
    let bySurface = outlook.map { outlook in
      let prediction = outlook.prediction(confidence: confidence)
      return TargetAnswer(
        target: outlook.target, learningRate: prediction.learningRate,
        optimum: prediction.optimum, penaltyPercent: prediction.expectedPenaltyPercent,
        source: .surface)
    }
    guard let byLaw = byLaw(known, at: outlook.map(\.target), confidence: confidence),
      byLaw.penaltyPercent < bySurface.penaltyPercent
    else { return bySurface }
    return byLaw
  }

  /// `nil` where the runs are too few for a law, or it has no answer for a target.
  private static func byLaw(
    _ known: [RunRecord], at targets: [RunScale], confidence: Double
  ) -> [TargetAnswer]? {
    var options = FitOptions()
    options.confidence = confidence
    let law = try? LearningRateLaw(
      fitting: known, from: LawSource(file: "runs", digest: nil), notes: [], options: options)
    guard let law, targets.allSatisfy({ (try? law.validate($0)) != nil }) else { return nil }
    return targets.map { target in
      let answer = Recommendation(law, at: target, confidence: confidence)
      return TargetAnswer(
        target: target, learningRate: answer.learningRate,
        optimum: Estimate(
          value: answer.optimum, lower: answer.lower, upper: answer.upper, confidence: confidence),
        penaltyPercent: answer.expectedLossPenaltyPercent, source: .law)
    }
  }
}

extension [TargetAnswer] {
  /// The mean percentage of loss that not knowing the optima is expected to cost.
  package var penaltyPercent: Double {
    isEmpty ? 0 : reduce(0) { $0 + $1.penaltyPercent } / Double(count)
  }
}
