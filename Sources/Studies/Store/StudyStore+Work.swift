import GRDB

/// What calls have trained in all, and how long they took.
package struct StudyWork: Hashable, Codable, Sendable {
  package var tokens: Int
  /// Of wall time in which runs were trained; what a killed call took is not known.
  package var seconds: Double

  package init(tokens: Int, seconds: Double) {
    self.tokens = tokens
    self.seconds = seconds
  }
}

extension StudyStore {
  package func work() throws(StudyError) -> StudyWork {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM work").map {
        StudyWork(tokens: $0["tokens"], seconds: $0["seconds"])
      } ?? StudyWork(tokens: 0, seconds: 0)
    }
  }

  /// Adds what one call has trained.
  package func add(_ work: StudyWork) throws(StudyError) {
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO work VALUES (1, ?, ?) ON CONFLICT (only) DO UPDATE
            SET tokens = tokens + excluded.tokens, seconds = seconds + excluded.seconds
          """, arguments: [work.tokens, work.seconds])
    }
  }
}
