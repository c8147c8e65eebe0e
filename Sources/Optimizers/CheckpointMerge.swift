package import Runs

/// Which checkpoints of a run are merged into its result, and how much of each.
///
/// Tian et al. 2025 (WSM, arXiv 2507.17634) merge the last checkpoints of a run at a constant rate in
/// place of a decay. The shares follow from what a merge does to updates: one that j checkpoints have
/// seen counts in the merge with the sum of their shares. So that this sum falls as a decay would, each
/// checkpoint has as its share what the decay loses around it.
package struct CheckpointMerge: Hashable, Sendable {
  /// Each above 0; they sum to 1.
  private let shares: [Int: Double]
  /// The steps of the first and the last.
  package let firstStep: Int
  package let lastStep: Int

  /// `nil` where nothing is merged.
  ///
  /// - Parameters:
  ///   - schedule: Of the run; only `wsm` merges.
  ///   - horizon: The tokens of the run.
  ///   - batches: Tell steps from tokens.
  package init?(_ schedule: ScheduleDescription, horizon: Int, batches: BatchStages) {
    guard schedule.kind == .wsm else { return nil }
    let (count, window) = (schedule.checkpoints, schedule.decayFraction * Double(horizon))
    let start = Double(horizon) - window
    // What a decay leaves half-way between a checkpoint and the one before it.
    let left = (0...count + 1).map { place in
      switch place {
      case 0: 1.0
      case count + 1: 0.0
      default: schedule.decayed(from: 1, (Double(place) - 0.5) / Double(count))
      }
    }
    var shares: [Int: Double] = [:]
    for place in 0...count {
      let tokens = start + window * Double(place) / Double(count)
      shares[batches.steps(for: Int(tokens)), default: 0] += left[place] - left[place + 1]
    }
    self.shares = shares
    firstStep = batches.steps(for: Int(start))
    lastStep = batches.steps(for: horizon)
  }

  /// How much of the weights after `step` is in the merge.
  package func share(after step: Int) -> Double? { shares[step] }
}
