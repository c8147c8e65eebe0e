package import Foundation
import GRDB

/// What is known of a study: `study.sqlite`.
///
/// It holds nothing that the folders of the runs do not, except what was asked last and what was
/// predicted before the hold-out was trained. One process writes it, the coordinator; any may read.
package struct StudyStore: Sendable {
  private let database: DatabaseQueue
  private let path: String

  /// Opens the store to write it, and makes it if it is missing.
  package init(writing url: URL) throws(StudyError) {
    var configuration = Configuration()
    // Readers are done in a moment.
    configuration.busyMode = .timeout(10)
    self = try Self.open(url.path, configuration) { database in
      try Self.migrator.migrate(database)
    }
  }

  /// Opens the store to read it.
  package init(reading url: URL) throws(StudyError) {
    guard FileManager.default.fileExists(atPath: url.path) else { throw .missing(url.path) }
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.readonly = true
    do {
      self = try Self.open(url.path, configuration) { _ in }
    } catch .storeNotWritten {
      // A writer that was killed leaves a change half done, which only another writer can undo.
      configuration.readonly = false
      self = try Self.open(url.path, configuration) { _ in }
    }
  }

  private static func open(
    _ path: String, _ configuration: Configuration,
    prepare: (DatabaseQueue) throws -> Void
  ) throws(StudyError) -> StudyStore {
    try mapErrors(path) {
      let database = try DatabaseQueue(path: path, configuration: configuration)
      let unknown = try database.read { database in
        try migrator.appliedIdentifiers(database).subtracting(migrator.migrations)
      }
      if let found = unknown.min() { throw StudyError.otherVersion(path, found: found) }
      try prepare(database)
      return StudyStore(database: database, path: path)
    }
  }

  private init(database: DatabaseQueue, path: String) {
    self.database = database
    self.path = path
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(StudyError) -> Value {
    try Self.mapErrors(path) { try database.read(body) }
  }

  func write<Value>(_ body: (Database) throws -> Value) throws(StudyError) -> Value {
    try Self.mapErrors(path) { try database.write(body) }
  }

  private static func mapErrors<Value>(
    _ path: String, _ body: () throws -> Value
  ) throws(StudyError) -> Value {
    do {
      return try body()
    } catch let error as StudyError {
      throw error
    } catch let error as DatabaseError {
      let reason = error.message ?? "error \(error.resultCode.rawValue)"
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED: throw .storeInUse(path)
      case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
        throw .storeNotWritten(path, reason: reason)
      default: throw .damagedStore(path, reason: reason)
      }
    } catch {
      throw .damagedStore(path, reason: "\(error)")
    }
  }
}
