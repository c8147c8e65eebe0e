import Foundation
import GRDB
package import Runs

extension StudyStore {
  /// The runs that were imported, in the order of their ids.
  package func importedRuns() throws(StudyError) -> [RunRecord] {
    try read { database in
      // A store of an earlier version, which nobody has written to since, has no such table.
      guard try database.tableExists("imports") else { return [] }
      let decoder = RecordCoding.decoder()
      return try String.fetchAll(database, sql: "SELECT record FROM imports ORDER BY id").map {
        try decoder.decode(RunRecord.self, from: Data($0.utf8))
      }
    }
  }

  /// Keeps imported runs; one that is there already is replaced.
  ///
  /// - Returns: How many were new.
  package func add(_ records: [(id: String, kind: String, record: RunRecord)]) throws(StudyError)
    -> Int
  {
    try write { database in
      var new = 0
      for (id, kind, record) in records {
        if try Row.fetchOne(database, sql: "SELECT 1 FROM imports WHERE id = ?", arguments: [id])
          == nil
        {
          new += 1
        }
        try database.execute(
          sql: "INSERT OR REPLACE INTO imports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            id, kind, record.source?.file ?? "", record.status.rawValue, record.params,
            record.tokens, record.learningRate, record.loss, try Self.recordJSON(record),
          ])
      }
      return new
    }
  }
}
