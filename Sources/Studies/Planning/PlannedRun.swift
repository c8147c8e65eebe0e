package import Runs

/// One run that a study takes.
package struct PlannedRun: Hashable, Codable, Sendable {
  package var id: String
  package var role: StudyRun.Role
  package var description: RunDescription
  /// The run that it branches from, and after how many of its steps.
  package var trunk: String?
  package var branchStep: Int?
  package var paramsTotal: Int
  package var paramsNonEmbedding: Int
  /// The floating-point operations of training on one token.
  package var operationsPerToken: Double

  /// The steps that it makes itself.
  package var ownSteps: Int { description.steps - (branchStep ?? 0) }

  /// The tokens of its own steps up to `step`.
  func ownTokens(upTo step: Int) -> Int {
    let (batches, start) = (description.batches, branchStep ?? 0)
    let end = max(start, min(step, description.steps))
    return batches.tokens(after: end) - batches.tokens(after: start)
  }

  /// The floating-point operations of its own steps.
  package var operations: Double {
    operations(upTo: description.steps)
  }

  /// Of its own steps, those that it has made when it stands at `step`.
  package func operations(upTo step: Int) -> Double {
    operationsPerToken * Double(ownTokens(upTo: step))
  }
}
