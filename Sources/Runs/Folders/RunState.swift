package import Foundation

/// How a run stands: `status.json`.
package struct RunState: Hashable, Codable, Sendable {
  package enum State: String, Codable, Sendable {
    case running, finished, diverged
    /// Asked to stop, and saved.
    case stopped
    case failed
  }

  package var state: State
  package var step: Int
  /// Counts the processes that have worked on the run.
  package var attempt: Int
  /// Of the process, once it has ended.
  package var exitCode: Int?
  /// Why it is in this state, where that needs saying.
  package var reason: String?
  /// To the second.
  package var updated: Date

  enum CodingKeys: String, CodingKey {
    case state, step, attempt, reason, updated
    case exitCode = "exit_code"
  }

  package init(
    state: State, step: Int, attempt: Int, exitCode: Int? = nil, reason: String? = nil,
    updated: Date = Date()
  ) {
    self.state = state
    self.step = step
    self.attempt = attempt
    self.exitCode = exitCode
    self.reason = reason
    self.updated = Date(
      timeIntervalSince1970: updated.timeIntervalSince1970.rounded(.down))
  }
}
