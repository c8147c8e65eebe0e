import Runs

/// How a run stands.
package enum RunStanding: Hashable, Sendable {
  case notBegun
  /// It has begun and nothing says that it ended, whether or not a process works on it.
  case running
  /// With the last loss on held-out text.
  case finished(loss: Double?, standardError: Double?)
  case diverged(step: Int, reason: String?)
  case stopped(reason: String?)
  case failed(reason: String?)

  /// What the events say, and where they do not tell an end, what the folder's state says.
  init(events: [TrainingEvent], state: RunState?) {
    for event in events.reversed() {
      guard case .end(let end) = event.content else { continue }
      self =
        switch end.status {
        case .finished: .finished(loss: end.loss, standardError: end.lossStandardError)
        case .diverged: .diverged(step: end.divergedAt ?? event.step, reason: end.reason)
        case .unfinished: .stopped(reason: end.reason)
        }
      return
    }
    switch state?.state {
    case .stopped: self = .stopped(reason: state?.reason)
    case .failed: self = .failed(reason: state?.reason)
    case .diverged: self = .diverged(step: state?.step ?? 0, reason: state?.reason)
    case .finished, .running, nil: self = events.isEmpty ? .notBegun : .running
    }
  }
}
