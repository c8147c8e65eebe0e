import Foundation
package import GRDB
package import Runs

/// A run of the study as the store has it.
package struct StoredRun: Hashable, Sendable {
  package var run: PlannedRun
  /// `nil` before it is begun.
  package var state: RunState.State?
  package var step: Int
  /// Of a run that has ended and is no trunk.
  package var record: RunRecord?

  package var hasEnded: Bool { state == .finished || state == .diverged }
}

extension StoredRun: FetchableRecord {
  package init(row: Row) throws {
    run = PlannedRun(
      id: row["id"], role: try Self.choice(row["role"]),
      description: try JSONDecoder().decode(
        RunDescription.self, from: Data((row["description"] as String).utf8)),
      trunk: row["trunk"], branchStep: row["branch_step"], paramsTotal: row["params_total"],
      paramsNonEmbedding: row["params_non_embedding"],
      operationsPerToken: row["operations_per_token"])
    state = try (row["state"] as String?).map(Self.choice)
    step = row["step"]
    record = try (row["record"] as String?).map { text in
      try RecordCoding.decoder().decode(RunRecord.self, from: Data(text.utf8))
    }
  }

  private static func choice<Choice: RawRepresentable<String>>(_ text: String) throws -> Choice {
    guard let choice = Choice(rawValue: text) else {
      throw DatabaseError(message: "`\(text)` is no \(Choice.self)")
    }
    return choice
  }
}
