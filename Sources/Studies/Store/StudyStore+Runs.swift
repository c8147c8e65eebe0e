import Foundation
import GRDB
package import Runs

extension StudyStore {
  /// The runs that are asked for, in the order of the plan, and then those of the hold-out.
  package func plannedRuns() throws(StudyError) -> [StoredRun] {
    try read { database in
      try StoredRun.fetchAll(
        database,
        sql: "SELECT * FROM runs WHERE position IS NOT NULL ORDER BY role = 'held_out', position")
    }
  }

  /// How many runs have ended that were asked for once and are no longer.
  package func otherEndedRuns() throws(StudyError) -> Int {
    try read { database in
      try Int.fetchOne(
        database,
        sql: """
          SELECT count(*) FROM runs WHERE position IS NULL AND role <> 'held_out' AND state IN ('finished', 'diverged')
          """) ?? 0
    }
  }

  /// What was asked last, and the digest of its text; `nil` in a new store.
  package func study() throws(StudyError) -> (description: StudyDescription, corpusDigest: String)?
  {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM study").map { row in
        let text: String = row["description"]
        return (
          try JSONDecoder().decode(StudyDescription.self, from: Data(text.utf8)),
          row["corpus_digest"]
        )
      }
    }
  }

  /// Writes what is asked: these runs and no others.
  package func plan(
    _ study: StudyDescription, corpusDigest: String, _ runs: [PlannedRun]
  ) throws(StudyError) {
    try write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO study VALUES (1, ?, ?)",
        arguments: [try Self.json(study), corpusDigest])
      // Those of the hold-out stay, as what they found still stands or is replaced by a later sweep.
      try database.execute(sql: "UPDATE runs SET position = NULL WHERE role <> 'held_out'")
      for (position, run) in runs.enumerated() {
        try Self.insert(run, position: position, into: database)
      }
    }
  }

  /// Takes the runs of the hold-out out of what is asked.
  package func clearHeldOut() throws(StudyError) {
    try write { database in
      try database.execute(sql: "UPDATE runs SET position = NULL WHERE role = 'held_out'")
    }
  }

  /// Sets a run back to not begun.
  package func forget(_ id: String) throws(StudyError) {
    try write { database in
      try database.execute(
        sql: """
          UPDATE runs SET state = NULL, step = 0, loss = NULL, loss_standard_error = NULL,
            record = NULL WHERE id = ?
          """, arguments: [id])
    }
  }

  /// Adds runs to what is asked.
  package func add(_ runs: [PlannedRun]) throws(StudyError) {
    try write { database in
      let last = try Int.fetchOne(database, sql: "SELECT max(position) FROM runs") ?? -1
      for (offset, run) in runs.enumerated() {
        try Self.insert(run, position: last + 1 + offset, into: database)
      }
    }
  }

  private static func insert(
    _ run: PlannedRun, position: Int, into database: Database
  ) throws {
    try database.execute(
      sql: """
        INSERT INTO runs (id, position, role, trunk, branch_step, description, params_total,
          params_non_embedding, operations_per_token, learning_rate, tokens, batch_tokens, seed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET position = excluded.position, role = excluded.role,
          description = excluded.description, tokens = excluded.tokens
        """,
      arguments: [
        run.id, position, run.role.rawValue, run.trunk, run.branchStep,
        try json(run.description), run.paramsTotal, run.paramsNonEmbedding, run.operationsPerToken,
        run.description.learningRate, run.description.tokens, run.description.batchTokens,
        run.description.seed,
      ])
  }

  /// Writes how a run stands, and what is known of it once it has ended.
  package func update(
    _ id: String, _ state: RunState, record: RunRecord?
  ) throws(StudyError) {
    try write { database in
      try database.execute(
        sql: """
          UPDATE runs SET state = ?, step = ?, loss = ?, loss_standard_error = ?, record = ?
          WHERE id = ?
          """,
        arguments: [
          state.state.rawValue, state.step, record?.loss, record?.lossStandardError,
          try record.map(Self.recordJSON), id,
        ])
    }
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// A record has the contract's names, which are its own in snake case.
  static func recordJSON(_ record: RunRecord) throws -> String {
    String(decoding: try RecordCoding.encoder().encode(record), as: UTF8.self)
  }
}
