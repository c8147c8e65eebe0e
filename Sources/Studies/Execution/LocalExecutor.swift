import Dispatch
import Foundation
import Synchronization
import Tensors
import Training

/// Trains runs on this machine, each on a thread of its own.
package final class LocalExecutor: Executor {
  package let slots: Int
  private let corpora: StudyCorpora

  /// - Parameters:
  ///   - slots: The runs at once; by default one for each core.
  ///   - corpora: The text of the runs.
  /// - Throws: When this machine lacks what training takes.
  package init(slots: Int = ProcessInfo.processInfo.activeProcessorCount, _ corpora: StudyCorpora)
    throws
  {
    precondition(slots > 0, "\(slots) runs at once")
    self.slots = slots
    self.corpora = corpora
    // The matrix library is opened before there are threads: it reads the environment.
    _ = try Engine()
  }

  package func execute(_ jobs: [RunJob], _ observer: ExecutionObserver) throws {
    let execution = Execution(jobs, slots: slots, corpora, observer)
    try execution.run()
  }
}

/// One call of `execute`.
private final class Execution: Sendable {
  private struct State {
    var waiting: [RunJob]
    /// Jobs that have not ended, which others may follow.
    var open: Set<String>
    var running = 0
    var failure: (any Error)?
  }

  private let state: Mutex<State>
  private let slots: Int
  private let corpora: StudyCorpora
  private let observer: ExecutionObserver
  private let group = DispatchGroup()

  init(_ jobs: [RunJob], slots: Int, _ corpora: StudyCorpora, _ observer: ExecutionObserver) {
    // What much work waits for is begun first.
    var chains: [String: Double] = [:]
    for job in jobs { chains[job.follows ?? job.id, default: 0] += job.operations }
    let ordered = jobs.enumerated().sorted { a, b in
      let (first, second) = (chains[a.element.id] ?? 0, chains[b.element.id] ?? 0)
      let own = (max(first, a.element.operations), max(second, b.element.operations))
      return own.0 == own.1 ? a.offset < b.offset : own.0 > own.1
    }.map(\.element)
    state = Mutex(State(waiting: ordered, open: Set(jobs.map(\.id))))
    self.slots = slots
    self.corpora = corpora
    self.observer = observer
  }

  func run() throws {
    startReady()
    group.wait()
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  private var isStopped: Bool {
    observer.isStopped() || state.withLock { $0.failure != nil }
  }

  private func startReady() {
    guard !isStopped else { return }
    let ready = state.withLock { state in
      var ready: [RunJob] = []
      while state.running < slots,
        let index = state.waiting.firstIndex(where: { job in
          job.follows.map { !state.open.contains($0) } ?? true
        })
      {
        ready.append(state.waiting.remove(at: index))
        state.running += 1
      }
      return ready
    }
    for job in ready {
      group.enter()
      // Not on a queue, whose few threads must stay free for those who ask for a stop.
      Thread.detachNewThread { [self] in
        defer { group.leave() }
        let error = train(job)
        state.withLock { state in
          state.running -= 1
          state.failure = state.failure ?? error
          if error == nil { state.open.remove(job.id) }
        }
        startReady()
      }
    }
  }

  /// - Returns: Why it failed, if it did.
  private func train(_ job: RunJob) -> (any Error)? {
    do {
      try observer.report(job, .began)
      let run = try TrainingRun(
        job.description, relativeTo: StudyCorpora.root, part: job.part,
        corpus: corpora.corpus(of: job.description))
      // The run calls its observer on this thread alone.
      var failure: (any Error)?
      func report(_ event: ExecutionEvent) {
        do {
          try observer.report(job, event)
        } catch {
          failure = failure ?? error
        }
      }
      let state = try run.train(
        in: job.folder,
        TrainingRun.Observer(
          event: { report(.logged($0)) }, notice: { report(.noticed($0)) },
          isStopped: { [self] in isStopped || failure != nil }))
      if let failure { return failure }
      try observer.report(job, .ended(state))
      return nil
    } catch {
      return error
    }
  }
}
