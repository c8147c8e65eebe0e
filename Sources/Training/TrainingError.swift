import Runs

/// Why a run cannot be trained, or not any further.
package enum TrainingError: Error, Hashable {
  case outOfMemory(needed: Double, available: Double)
  case unknownCorpus(String)
  /// One that a float cannot hold.
  case epsilon(Double)
  /// Checkpoints of a rule whose model is an average already.
  case mergesAverages(optimizer: String)
  /// A rule that takes the loss with its gradient, of which a z-loss changes one.
  case needsPlainLoss(optimizer: String)
}

extension TrainingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .outOfMemory(let needed, let available):
      "the run needs \(Quantity.format(needed)) bytes of memory and there are "
        + "\(Quantity.format(available)); take a smaller model, a shorter `sequence_length` or a "
        + "machine with more"
    case .unknownCorpus(let kind):
      "the built-in trainer reads no corpus of the kind `\(kind)`; use bytes or synthetic"
    case .epsilon(let epsilon):
      "`optimizer.epsilon` \(epsilon) is nothing to a 32-bit float; give one from 1e-37 to 1e37"
    case .needsPlainLoss(let optimizer):
      "\(optimizer) takes the loss together with its gradient, and `z_loss` changes the gradient alone; "
        + "set it to 0, or use another optimizer"
    case .mergesAverages(let optimizer):
      "`schedule.kind` wsm merges checkpoints, and the model of \(optimizer) is an average already; "
        + "use another schedule, or another optimizer"
    }
  }
}
