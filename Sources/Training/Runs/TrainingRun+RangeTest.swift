import Foundation

extension TrainingRun {
  /// One step of a range test.
  package struct RangeStep: Hashable, Sendable {
    package var learningRate: Double
    /// Before the weights moved, in nats per token.
    package var loss: Double
  }

  /// A loss this many times that of the first step is lost, and more steps tell nothing.
  private static let lostFactor = 3.0

  /// Trains from the run's first step with a rate that grows by a constant factor, until the run is
  /// lost; the run's own rate and schedule do not matter, and nothing is written.
  ///
  /// - Parameters:
  ///   - rates: The first and the last rate.
  ///   - steps: From one to the other.
  ///   - isStopped: Called with the steps made, before each.
  /// - Returns: The steps that were made; the last may have a loss that is no number.
  /// - Throws: When there is no memory for the run.
  package func rangeTest(
    over rates: ClosedRange<Double>, steps: Int, isStopped: (Int) -> Bool = { _ in false }
  ) throws -> [RangeStep] {
    let state = try TrainingState(
      plan.model, plan.settings, plan.optimizer, clip: plan.clip, recorded: recorded,
      seed: plan.seed, engine)
    let logRatio = log(rates.upperBound / rates.lowerBound) / Double(max(steps - 1, 1))
    var made: [RangeStep] = []
    while made.count < steps, !isStopped(made.count) {
      let rate = rates.lowerBound * exp(logRatio * Double(made.count))
      let result = state.update(
        on: plan.batch(made.count), scheduleFactor: rate / plan.learningRate)
      let isFinite = result.loss.isFinite && result.gradientNorm.isFinite
      made.append(RangeStep(learningRate: rate, loss: isFinite ? result.loss : .nan))
      guard isFinite, result.loss < Self.lostFactor * made[0].loss else { break }
    }
    return made
  }
}
