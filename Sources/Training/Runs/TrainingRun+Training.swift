import Foundation
package import Runs

extension TrainingRun {
  /// Something that a person should know and that no event tells.
  package enum Notice: Sendable {
    /// The run goes through its text more than once.
    case repeatsText(passes: Double)
    case resumed(step: Int)
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
    if let before, before.state == .finished || before.state == .diverged {
      guard case .end = try folder.log.events().last?.content else {
        throw RunFolderError.incompleteLog(folder.log.url.path, step: before.step)
      }
      return before
    }
    if let passes = plan.epochs(after: plan.steps), passes > 1 {
      observer.notice(.repeatsText(passes: passes))
    }
    var state = RunState(
      state: .running, step: before?.step ?? 0, attempt: (before?.attempt ?? 0) + 1)
    try folder.write(state)
    do {
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
  }
}

extension TrainingRun.Notice: CustomStringConvertible {
  package var description: String {
    switch self {
    case .repeatsText(let passes):
      "the run reads its training text \(passes.rounded(places: 2)) times; a law fitted on it does "
        + "not hold for text that is read once"
    case .resumed(let step): "going on from step \(step)"
    case .damagedCheckpoint(let error): "\(error); it was removed"
    case .otherMachine(let found, let here):
      "the run was begun with \(found.matrixLibrary) on \(found.instructionSet) and goes on with "
        + "\(here.matrixLibrary) on \(here.instructionSet): its last bits will differ"
    }
  }
}
