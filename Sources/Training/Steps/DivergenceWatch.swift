/// Notices that a run is lost: its loss is no number, or above where it began for long.
///
/// A spike is not divergence: a loss that comes back below its start in time ends nothing.
package struct DivergenceWatch: Hashable, Codable, Sendable {
  /// The consecutive steps above the start that are long.
  package let patience: Int
  private var start: Double?
  private var stepsAbove = 0

  /// - Parameter steps: The steps of the whole run.
  package init(steps: Int) {
    // A share of the run, but enough steps for noise between batches and for a warm-up's overshoot.
    patience = max(steps / 20, 50)
  }

  /// - Parameter patience: The consecutive steps above the start that are long.
  package init(patience: Int) { self.patience = patience }

  /// Takes in the loss of one more step; says why the run is lost, if it is.
  package mutating func add(_ result: TrainingState.StepResult) -> String? {
    guard result.loss.isFinite else { return "the loss is \(result.loss)" }
    guard result.gradientNorm.isFinite else {
      // The sign of what is no number tells nothing.
      return "the gradient is \(result.gradientNorm.isNaN ? .nan : result.gradientNorm)"
    }
    let start = self.start ?? result.loss
    self.start = start
    stepsAbove = result.loss > start ? stepsAbove + 1 : 0
    guard stepsAbove >= patience else { return nil }
    return "the loss has been above its start, \(start), for \(stepsAbove) steps"
  }
}
