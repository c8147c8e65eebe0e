/// What a weight-decay number means.
package enum DecayUnit: CaseIterable, Sendable {
  /// Weights shrink by the learning rate of the step times it, as in PyTorch's AdamW.
  case decoupled
  /// Weights shrink by it at the peak of the schedule, and in proportion to the rate elsewhere.
  case independent
  /// It is the timescale itself, as a share of the run: `B / (ηλD)`.
  case timescale
}

/// A weight decay as one run has it.
///
/// Weights are an average of updates over `1 / (ηλ)` steps, η the peak rate and λ the decoupled decay
/// (Wang and Aitchison, arXiv 2405.13698). As a share of the run that is `τ = B / (ηλD)`.
package struct WeightDecaySetting: Hashable, Sendable {
  /// By how much a step at the peak of the schedule shrinks weights, ηλ.
  package let shrink: Double
  package let learningRate: Double
  /// Optimizer steps of the run.
  package let steps: Double
  private let given: Double
  private let givenUnit: DecayUnit

  /// - Parameters:
  ///   - value: Above zero.
  ///   - unit: What the value means.
  ///   - learningRate: The peak rate.
  ///   - batchTokens: Tokens in one step.
  ///   - tokens: Of the whole run.
  package init(
    _ value: Double, _ unit: DecayUnit, learningRate: Double, batchTokens: Double, tokens: Double
  ) {
    self.learningRate = learningRate
    given = value
    givenUnit = unit
    steps = tokens / batchTokens
    shrink =
      switch unit {
      case .decoupled: learningRate * value
      case .independent: value
      case .timescale: batchTokens / (tokens * value)
      }
  }

  /// The same decay in another unit; in its own the very number that was given.
  package func value(in unit: DecayUnit) -> Double {
    guard unit != givenUnit else { return given }
    switch unit {
    case .decoupled: return shrink / learningRate
    case .independent: return shrink
    case .timescale: return timescale
    }
  }

  /// Over what share of the run weights average updates, B / (ηλD).
  package var timescale: Double { 1 / (shrink * steps) }

  /// Steps over which the norm of weights settles, 1 / (2ηλ).
  package var normSteps: Double { 1 / (2 * shrink) }

  /// How many times over the norm could have settled by the end of the run, 2ηλS.
  package var normTurnovers: Double { 2 * shrink * steps }

  /// Whether the norm of weights has settled: it is within a twentieth after three times its steps.
  package var hasSettled: Bool { normTurnovers >= 3 }

  /// The root mean square that weights settle at under uncorrelated updates of unit size, √(η / 2λ).
  package var settledSize: Double { learningRate / (2 * shrink).squareRoot() }
}
