import Runs
import Synchronization

/// How far a sweep has come.
package struct SweepProgress: Sendable {
  /// Work by what it takes, so that small and large models count alike.
  package var done: Double
  package var planned: Double
  package var endedRuns: Int
  package var plannedRuns: Int
  /// Tokens trained on by this process.
  package var tokens: Int

  package var fraction: Double { planned > 0 ? done / planned : 1 }
}

/// Adds up what the runs of a sweep report.
final class SweepMeter: Sendable {
  private struct State {
    var progress: SweepProgress
    /// The step that each run has come to.
    var steps: [String: Int]
    var ended: Set<String>

    /// - Returns: Where the run was before.
    mutating func move(_ run: PlannedRun, to step: Int) -> Int {
      let before = steps[run.id] ?? run.branchStep ?? 0
      steps[run.id] = step
      progress.done += run.work(upTo: step) - run.work(upTo: before)
      return before
    }
  }

  private let state: Mutex<State>
  private let show: @Sendable (SweepProgress) -> Void

  init(_ runs: [StoredRun], show: @escaping @Sendable (SweepProgress) -> Void) {
    var steps: [String: Int] = [:]
    var done = 0.0
    for stored in runs {
      // A lost run is done with; a trunk that has ended may be asked to go further.
      let step = stored.state == .diverged ? stored.run.description.steps : stored.step
      steps[stored.run.id] = max(step, stored.run.branchStep ?? 0)
      done += stored.run.work(upTo: step)
    }
    state = Mutex(
      State(
        progress: SweepProgress(
          done: done, planned: runs.reduce(0) { $0 + $1.run.work },
          endedRuns: runs.count(where: \.hasEnded), plannedRuns: runs.count, tokens: 0),
        steps: steps, ended: Set(runs.filter(\.hasEnded).map(\.run.id))))
    self.show = show
  }

  /// Tokens trained on so far by this process.
  var tokens: Int { state.withLock { $0.progress.tokens } }

  func advance(_ run: PlannedRun, to step: Int) {
    state.withLock { state in
      let before = state.move(run, to: step)
      state.progress.tokens += max(
        0, run.ownTokens(upTo: step) - run.ownTokens(upTo: before))
      // Shown in here, so that what is shown never goes back.
      show(state.progress)
    }
  }

  /// What a lost run leaves undone is done with, but nothing was trained on for it.
  func end(_ run: PlannedRun) {
    state.withLock { state in
      _ = state.move(run, to: run.description.steps)
      state.ended.insert(run.id)
      state.progress.endedRuns = state.ended.count
      show(state.progress)
    }
  }
}

extension PlannedRun {
  /// What a token costs whatever the model's size, in the same unit: reading, softmax, bookkeeping.
  ///
  /// Measured on two sizes of proxy; it only makes an estimate of time better.
  private static let operationsBesideTraining = 5e5

  fileprivate var work: Double { work(upTo: description.steps) }

  fileprivate func work(upTo step: Int) -> Double {
    Double(ownTokens(upTo: step)) * (operationsPerToken + Self.operationsBesideTraining)
  }
}
