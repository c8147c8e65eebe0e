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

  /// The floating-point operations of its own steps.
  package var operations: Double {
    operationsPerToken * Double(ownSteps * description.batchTokens)
  }

  /// Of its own steps, those that it has made when it stands at `step`.
  package func operations(upTo step: Int) -> Double {
    let own = max(0, min(step, description.steps) - (branchStep ?? 0))
    return operationsPerToken * Double(own * description.batchTokens)
  }
}
