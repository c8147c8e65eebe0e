package import Runs

/// What is known of one run, of whatever trainer: what it was asked, and what its log tells.
package struct RunEvidence: Sendable {
  /// A logged step.
  package struct Point: Hashable, Sendable {
    package var step: Int
    package var tokens: Double?
    package var loss: Double?
    package var gradientNorm: Double?
  }

  /// A look at the weights.
  package struct Look: Hashable, Sendable {
    package var step: Int
    package var tokens: Int
    package var telemetry: Telemetry
  }

  /// A matrix, and what its settings make of the run's.
  package struct Matrix: Hashable, Sendable {
    package var path: String
    package var role: String
    package var count: Int
    /// Its η over the run's.
    package var rateFactor: Double
    /// λ, per unit of its η.
    package var weightDecay: Double
    /// Whether the rule keeps its norm, whatever η and λ are.
    package var keepsNorm: Bool
  }

  package var id: String
  package var params: Double
  package var tokens: Double
  package var batchTokens: Double?
  package var vocabulary: Int?
  package var sequenceLength: Int?
  package var learningRate: Double
  package var seed: String?
  /// η of every step that is asked, from the first; the peak for all where a log does not tell.
  package var rates: [Double]
  /// Whether `rates` are known and not the peak for want of better.
  package var knowsRates: Bool
  /// As weights are shrunk by λ η; 0 where nothing shrinks them so, `nil` where that is not known.
  package var weightDecay: Double?
  /// `nil` for an imported run.
  package var description: RunDescription?
  package var optimizer: String
  package var schedule: String
  package var matrices: [Matrix]
  /// The step that the log begins after: above 0 for a branch whose trunk is not there.
  package var firstStep: Int
  package var training: [Point]
  /// The first loss on held-out text where it was measured before the first step.
  package var initialLoss: Double?
  /// The last on held-out text.
  package var finalLoss: Double?
  package var looks: [Look]
  package var status: RunStatus?
  package var divergedAt: Int?
  package var reason: String?

  /// The steps that were made.
  package var stepsMade: Int { training.last?.step ?? 0 }
  package var steps: Int { rates.count }
}
