import Foundation
package import Runs

extension TrainingRun {
  /// Something that a person should know and that no event tells.
  package enum Notice: Sendable {
    /// The run goes through its text more than once.
    case repeatsText(passes: Double)
    case resumed(step: Int)
    /// The schedule decays under a rule that its decay does not help.
    case decaysInVain(optimizer: String)
    /// A newer checkpoint than the one gone on from.
    case damagedCheckpoint(CheckpointError)
    /// The run was begun on a machine whose last bits may differ.
    case otherMachine(found: RunManifest.Machine, here: RunManifest.Machine)
  }

  /// What watches a run; it is called on the thread that trains.
  package struct Observer {
    package var event: (TrainingEvent) -> Void
    package var notice: (Notice) -> Void
    /// Asked before every step; a run that is stopped is saved first.
    package var isStopped: () -> Bool

    package init(
      event: @escaping (TrainingEvent) -> Void = { _ in },
      notice: @escaping (Notice) -> Void = { _ in }, isStopped: @escaping () -> Bool = { false }
    ) {
      self.event = event
      self.notice = notice
      self.isStopped = isStopped
    }
  }

  /// Trains the run in `folder`, or goes on with it from its last checkpoint, or leaves it alone when
  /// it has ended.
  ///
  /// - Returns: How the run stands then.
  /// - Throws: When the folder is in use, holds another run, or cannot be written; what was written
  ///   before stays good.
  package func train(in folder: RunFolder, _ observer: Observer) throws -> RunState {
    try folder.url.makeFolder()
    let lock = try FolderLock(folder.url)
    defer { withExtendedLifetime(lock) {} }
    try claim(folder, observer)
    let before = try folder.state()
    if let before, try hasEnded(before, in: folder) { return before }
    if let passes = plan.epochs(after: plan.steps), passes > 1 {
      observer.notice(.repeatsText(passes: passes))
    }
    if decaysInVain {
      observer.notice(.decaysInVain(optimizer: manifest.description.optimizer.name))
    }
    var state = RunState(
      state: .running, step: before?.step ?? 0, attempt: (before?.attempt ?? 0) + 1)
    try folder.write(state)
    do {
      if let lost = try endIfTrunkWasLost(folder, state, observer) { return lost }
      let session = try TrainingSession(self, folder, observer)
      state = try session.run(state)
    } catch {
      state.state = .failed
      state.exitCode = 1
      state.reason = "\(error)"
      state.updated = Date()
      // The first error is the one to tell; on a full disk this one fails too.
      try? folder.write(state)
      throw error
    }
    return state
  }

  /// Whether there is nothing left to do: a trunk that has ended may be asked to go further, or to
  /// save a step that it has passed.
  private func hasEnded(_ state: RunState, in folder: RunFolder) throws -> Bool {
    guard state.state == .finished || state.state == .diverged else { return false }
    guard case .end = try folder.log.events().last?.content else {
      throw RunFolderError.incompleteLog(folder.log.url.path, step: state.step)
    }
    guard manifest.part == .trunk else { return true }
    let isLost = state.state == .diverged
    guard isLost || state.step >= plan.steps else { return false }
    return try checkpoints(in: folder).firstMissing(of: branchSteps)
      .map { isLost && $0 >= state.step } ?? true
  }

  func checkpoints(in folder: RunFolder) -> RunCheckpoints {
    RunCheckpoints(in: folder.checkpointsURL.path, runID: manifest.id)
  }

  /// Ends a branch whose trunk was lost before its step: so is every horizon from there on.
  private func endIfTrunkWasLost(
    _ folder: RunFolder, _ state: RunState, _ observer: Observer
  ) throws -> RunState? {
    guard case .branch(let trunk, let step) = manifest.part, let trunkFolder,
      let trunkState = try trunkFolder.state(), trunkState.state == .diverged,
      trunkState.step <= step
    else { return nil }
    let reason = "its trunk, \(trunk), diverged: \(trunkState.reason ?? "")"
    let event = TrainingEvent(
      step: trunkState.step, tokens: plan.batches.tokens(after: trunkState.step),
      .end(.init(status: .diverged, divergedAt: trunkState.step, reason: reason)))
    let log = try folder.log.reopen { _ in false }
    try log.append(event)
    try log.synchronize()
    observer.event(event)
    let lost = RunState(
      state: .diverged, step: trunkState.step, attempt: state.attempt, exitCode: 0, reason: reason)
    try folder.write(lost)
    return lost
  }

  /// Makes sure that the folder holds this run or none.
  private func claim(_ folder: RunFolder, _ observer: Observer) throws {
    guard folder.hasRun else {
      guard !folder.hasParts else { throw RunFolderError.noManifest(folder.url.path) }
      try folder.write(manifest)
      return
    }
    let found = try folder.manifest()
    guard found.id == manifest.id else {
      throw RunFolderError.otherRun(folder.url.path, found: found.id, wanted: manifest.id)
    }
    if found.machine != manifest.machine {
      observer.notice(.otherMachine(found: found.machine, here: manifest.machine))
    }
    if found.description.tokens < manifest.description.tokens {
      var longer = found
      longer.description.tokens = manifest.description.tokens
      try folder.write(longer)
    }
  }
}

extension TrainingRun.Notice: CustomStringConvertible {
  package var description: String {
    switch self {
    case .repeatsText(let passes):
      "the run reads its training text \(passes.rounded(places: 2)) times; a law fitted on it does "
        + "not hold for text that is read once"
    case .decaysInVain(let optimizer):
      "the schedule decays, and \(optimizer) averages its steps in place of a decay: use "
        + "`schedule: {kind: constant}` unless that is what you want to compare"
    case .resumed(let step): "going on from step \(step)"
    case .damagedCheckpoint(let error): "\(error); it was removed"
    case .otherMachine(let found, let here):
      "the run was begun with \(found.matrixLibrary) on \(found.instructionSet) and goes on with "
        + "\(here.matrixLibrary) on \(here.instructionSet): its last bits will differ"
    }
  }
}
