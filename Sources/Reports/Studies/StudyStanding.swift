import Runs
import Studies

/// How a run of a study stands, as its page counts it.
enum StudyStanding: String, CaseIterable {
  case finished, diverged, running, stopped, failed
  case toGo = "to go"
  /// It cannot begin, as its trunk diverged before the place where it branches off.
  case lost = "lost with a trunk"

  /// Whether there is nothing left to train.
  var isDone: Bool { self == .finished || self == .diverged || self == .lost }
}

extension StudyReport {
  /// How every run stands, in the order of the plan.
  var standings: [(run: StudyRun, standing: StudyStanding)] {
    let trunks = Dictionary(
      findings.runs.lazy.filter { $0.role == .trunk }.map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    return findings.runs.map { run in
      (run, StudyStanding(run, trunk: run.trunk.flatMap { trunks[$0] }))
    }
  }
}

extension StudyStanding {
  init(_ run: StudyRun, trunk: StudyRun?) {
    switch run.state {
    case .finished: self = .finished
    case .diverged: self = .diverged
    case .running: self = .running
    case .stopped: self = .stopped
    case .failed: self = .failed
    case nil:
      let reached = trunk?.validation.last { $0.loss.isFinite }?.tokens ?? 0
      self =
        trunk?.state == .diverged && reached < run.branchTokens ?? 0 ? .lost : .toGo
    }
  }
}
