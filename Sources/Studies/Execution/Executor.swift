package import Runs
package import Training

/// Gets runs trained, wherever that is.
///
/// An executor knows nothing of studies: it is given runs with their folders and which must follow
/// which. What comes of a run is in its folder, so that whoever comes back to it later knows.
package protocol Executor: Sendable {
  /// How many runs it trains at once.
  var slots: Int { get }

  /// Trains every run, each after those that it follows.
  ///
  /// It is done when all have ended, or, after a stop was asked for, when all that had begun are
  /// saved.
  ///
  /// - Parameters:
  ///   - jobs: Runs in any order; what one follows is among them or has ended.
  ///   - observer: Is told what happens, from any thread.
  /// - Throws: The first failure, when all that had begun are saved.
  func execute(_ jobs: [RunJob], _ observer: ExecutionObserver) throws
}

/// One run to be trained.
package struct RunJob: Sendable {
  package var id: String
  package var description: RunDescription
  package var part: TrainingRun.Part
  package var folder: RunFolder
  /// The run that must have ended before.
  package var follows: String?
  /// What it is expected to take, in floating-point operations; the longest chain is best begun first.
  package var operations: Double

  package init(
    id: String, description: RunDescription, part: TrainingRun.Part, folder: RunFolder,
    follows: String?, operations: Double
  ) {
    self.id = id
    self.description = description
    self.part = part
    self.folder = folder
    self.follows = follows
    self.operations = operations
  }
}

/// What happens to a run while it is trained.
package enum ExecutionEvent: Sendable {
  case began
  case logged(TrainingEvent)
  case noticed(TrainingRun.Notice)
  /// It ended, or was stopped and saved.
  case ended(RunState)
}

/// Who watches runs being trained; called from any thread.
package struct ExecutionObserver: Sendable {
  /// A throw stops everything, as a failure of the run does.
  package var report: @Sendable (RunJob, ExecutionEvent) throws -> Void
  package var isStopped: @Sendable () -> Bool

  package init(
    report: @escaping @Sendable (RunJob, ExecutionEvent) throws -> Void,
    isStopped: @escaping @Sendable () -> Bool
  ) {
    self.report = report
    self.isStopped = isStopped
  }
}
