import Foundation
package import Runs
import Synchronization
import Training

/// Trains what a study asks for, and remembers it.
///
/// It alone writes the store, for as long as it lives; a second one on the same folder is refused.
package final class StudySweep: Sendable {
  package let folder: StudyFolder
  package let plan: StudyPlan
  package let corpora: StudyCorpora
  package let store: StudyStore
  private let lock: FolderLock

  /// Something that a person should know and that no error is.
  package enum Notice: Hashable, Sendable {
    /// The text differs from that of the last call: its runs are others.
    case corpusChanged(endedBefore: Int)
    /// Runs that ended and that the study no longer asks for.
    case notAskedFor(Int)
    /// What a run says of itself.
    case run(String)
  }

  package struct Observer: Sendable {
    package var progress: @Sendable (SweepProgress) -> Void
    package var notice: @Sendable (Notice) -> Void
    package var isStopped: @Sendable () -> Bool

    package init(
      progress: @escaping @Sendable (SweepProgress) -> Void = { _ in },
      notice: @escaping @Sendable (Notice) -> Void = { _ in },
      isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
      self.progress = progress
      self.notice = notice
      self.isStopped = isStopped
    }
  }

  /// Plans the runs and finds which have been trained; trains none.
  ///
  /// - Parameters:
  ///   - study: What is asked, with absolute paths.
  ///   - folder: Is made when it is missing.
  ///   - observer: Is told what is unusual.
  /// - Throws: When the study cannot be trained, or the folder is in use, of another version, or
  ///   cannot be written.
  package init(_ study: StudyDescription, in folder: StudyFolder, _ observer: Observer) throws {
    self.folder = folder
    corpora = try StudyCorpora(study)
    plan = try StudyPlan(study, corpora)
    let planned = try plan.operations(corpora)
    if let budget = study.budget?.flops, planned > budget {
      throw StudyError.overBudget(planned: planned, budget: budget)
    }
    try folder.url.makeFolder()
    lock = try FolderLock(folder.url)
    store = try StudyStore(writing: folder.storeURL)
    let digest = corpora.digest
    let last = try store.study()
    let ended = try store.plannedRuns().count { $0.hasEnded && $0.run.role != .trunk }
    try store.plan(study, corpusDigest: digest, plan.runs)
    if let last, last.corpusDigest != digest {
      observer.notice(.corpusChanged(endedBefore: ended))
    } else {
      let others = try store.otherEndedRuns()
      if others > 0 { observer.notice(.notAskedFor(others)) }
    }
    try recover(plan.runs)
  }

  /// Trains every run that has not ended.
  ///
  /// - Returns: Whether all have ended; not, when a stop was asked for.
  package func train(
    _ runs: [PlannedRun], with executor: some Executor, _ observer: Observer
  ) throws -> Bool {
    let wanted = Set(runs.map(\.id))
    let stored = try store.plannedRuns().filter { wanted.contains($0.run.id) }
    let jobs = try jobs(for: stored)
    // Rates too close to tell apart are one run.
    let planned = Dictionary(runs.map { ($0.id, $0) }) { first, _ in first }
    let meter = SweepMeter(stored, show: observer.progress)
    let told = Mutex<Set<String>>([])
    let began = ContinuousClock.now
    defer {
      // What is lost with it is how long things took.
      let seconds = (ContinuousClock.now - began) / .seconds(1)
      if meter.tokens > 0 { try? store.add(StudyWork(tokens: meter.tokens, seconds: seconds)) }
    }
    try executor.execute(
      jobs,
      ExecutionObserver(
        report: { [self] job, event in
          guard let run = planned[job.id] else { return }
          switch event {
          case .began: break
          case .logged(let event):
            if case .train = event.content { meter.advance(run, to: event.step) }
          case .noticed(.resumed): break
          case .noticed(let notice):
            // What is so of every run is said once.
            let isNew = told.withLock { $0.insert("\(notice)").inserted }
            if isNew { observer.notice(.run("\(notice)")) }
          case .ended(let state):
            try record(run, state)
            guard state.state == .finished || state.state == .diverged else { break }
            meter.end(run)
            // Nobody goes on from the end of a branch, and there are many.
            if run.role == .branch {
              try RunCheckpoints(in: job.folder.checkpointsURL.path, runID: run.id).removeAll()
            }
          }
        }, isStopped: observer.isStopped))
    let open = try store.plannedRuns().filter { wanted.contains($0.run.id) && !$0.hasEnded }
    return open.allSatisfy { $0.run.role == .trunk }
  }

  /// Adds the runs of the hold-out to what is asked, and finds which have been trained.
  package func add(_ runs: [PlannedRun]) throws {
    try store.add(runs)
    try recover(runs)
  }

  /// The jobs of runs that have not ended, with the trunks that they need.
  private func jobs(for stored: [StoredRun]) throws -> [RunJob] {
    let open = stored.filter { !$0.hasEnded && $0.run.role != .trunk }
    var branchSteps: [String: Set<Int>] = [:]
    for stored in open {
      guard let trunk = stored.run.trunk, let step = stored.run.branchStep else { continue }
      branchSteps[trunk, default: []].insert(step)
    }
    let trunks = stored.filter { branchSteps[$0.run.id] != nil }
    return try (trunks + open).map { stored in
      let run = stored.run
      var description = run.description
      let runFolder = folder.run(run.id)
      if run.role == .trunk, runFolder.hasRun {
        // One that was once asked to go further must not be cut short.
        description.tokens = max(description.tokens, try runFolder.manifest().description.tokens)
      }
      let part: TrainingRun.Part
      if let trunk = run.trunk, let step = run.branchStep {
        part = .branch(trunk: trunk, folder: folder.run(trunk), step: step)
      } else {
        part = run.role == .trunk ? .trunk(branchSteps: branchSteps[run.id] ?? []) : .whole
      }
      return RunJob(
        id: run.id, description: description, part: part, folder: runFolder,
        follows: run.trunk, operations: run.operations)
    }
  }

  /// Takes over what the folders of runs say, which are the truth, where the store says otherwise.
  private func recover(_ runs: [PlannedRun]) throws {
    let stored = Dictionary(
      try store.plannedRuns().map { ($0.run.id, $0) }, uniquingKeysWith: { first, _ in first })
    for run in runs {
      let folder = folder.run(run.id)
      guard folder.hasRun, let state = try folder.state() else {
        if stored[run.id]?.state != nil { try store.forget(run.id) }
        continue
      }
      let found = try folder.manifest().id
      guard found == run.id else {
        throw RunFolderError.otherRun(folder.url.path, found: found, wanted: run.id)
      }
      guard stored[run.id]?.state != state.state || stored[run.id]?.step != state.step else {
        continue
      }
      try record(run, state)
    }
  }

  private func record(_ run: PlannedRun, _ state: RunState) throws {
    let hasEnded = state.state == .finished || state.state == .diverged
    guard hasEnded, run.role != .trunk else {
      try store.update(run.id, state, record: nil)
      return
    }
    let log = folder.run(run.id).log
    let events = try log.events()
    guard case .end(let end) = events.last?.content else {
      throw RunFolderError.incompleteLog(log.url.path, step: state.step)
    }
    let facts = try corpora.corpus(of: run.description).facts
    var record = RunRecord(run, facts, end)
    let start = try run.trunk.map { try folder.run($0).log.events() } ?? events
    record.initialLoss = start.lazy.compactMap(\.initialLoss).first
    record.effectiveLearningRate = try effectiveRate(of: run, events)
    try store.update(run.id, state, record: record)
  }

  /// From looks at the run, whose log is `events`, and at its trunk; `nil` where there are none.
  private func effectiveRate(of run: PlannedRun, _ events: [TrainingEvent]) throws -> Double? {
    let own = events.compactMap(\.look)
    guard let trunk = run.trunk, let step = run.branchStep else {
      return EffectiveRate.of(run.description, own)
    }
    let shared = try folder.run(trunk).log.telemetry().filter { $0.event.step <= step }
    return EffectiveRate.of(run.description, shared + own)
  }
}

extension TrainingEvent {
  /// A look at the weights; `nil` for all else.
  fileprivate var look: (event: TrainingEvent, telemetry: Telemetry)? {
    guard case .telemetry(let telemetry) = content else { return nil }
    return (self, telemetry)
  }

  /// The loss on held-out text before the first step.
  fileprivate var initialLoss: Double? {
    guard step == 0, case .validation(let validation) = content else { return nil }
    return validation.loss
  }
}
