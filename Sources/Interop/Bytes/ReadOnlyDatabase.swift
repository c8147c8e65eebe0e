import Foundation
import GRDBSQLite

/// An SQLite file of others: nothing is written to it, and nothing that it says makes a query endless.
final class ReadOnlyDatabase {
  private static let magic = Array("SQLite format 3\0".utf8)
  /// Longer rows are no log.
  private static let mostRowBytes: Int32 = 1 << 20
  /// Steps of SQLite's machine between two looks at the work done.
  private static let stepsBetweenLooks: Int32 = 100_000
  /// Enough to read every row of a file several times over, and a few seconds for a small one.
  private static let stepsForEachByte = 10
  private static let stepsForAnyFile = 200_000_000
  /// How long to wait for a writer.
  private static let milliseconds: Int32 = 5000

  let path: String
  private var connection: OpaquePointer?
  private let work = Work()

  /// Steps that may still be made; a class, since SQLite is given its address.
  private final class Work {
    var left = 0
  }

  static func isDatabase(_ head: [UInt8]) -> Bool { head.starts(with: magic) }

  init(_ path: String) throws(ImportError) {
    self.path = path
    let stream = try FileStream(path)
    guard try stream.fill(Self.magic.count), stream.unread.starts(with: Self.magic) else {
      throw .incomplete(path, reason: "no SQLite database")
    }
    try Self.checkNeighbours(path)
    // SQLite takes some names, such as `:memory:`, for no files.
    let name = path.hasPrefix("/") ? path : "./" + path
    let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
    try check(sqlite3_open_v2(name, &connection, flags, nil))
    sqlite3_busy_timeout(connection, Self.milliseconds)
    sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, Self.mostRowBytes)
    sqlite3_progress_handler(
      connection, Self.stepsBetweenLooks,
      { work in
        guard let work else { return 1 }
        let left = Unmanaged<Work>.fromOpaque(work).takeUnretainedValue()
        left.left -= Int(ReadOnlyDatabase.stepsBetweenLooks)
        return left.left > 0 ? 0 : 1
      }, Unmanaged.passUnretained(work).toOpaque())
    allowWork()
    for pragma in ["trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"] {
      try query("PRAGMA \(pragma)") { _ in }
    }
  }

  deinit { sqlite3_close_v2(connection) }

  /// SQLite opens these files of its own, and a pipe would hold it for ever.
  private static func checkNeighbours(_ path: String) throws(ImportError) {
    for ending in ["-journal", "-wal", "-shm"] {
      var status = stat()
      guard lstat(path + ending, &status) == 0 else { continue }
      guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path + ending) }
    }
  }

  /// Allows as much work again as reading the file takes at most.
  func allowWork() {
    work.left = Self.stepsForAnyFile + Self.stepsForEachByte * (FileVersion(path)?.bytes ?? 0)
  }

  /// A number that changes when another program writes to the database.
  func version() throws(ImportError) -> Int {
    var version = 0
    try query("PRAGMA data_version") { version = $0.int(0) ?? 0 }
    return version
  }

  /// Hands every row of the answer to `take`.
  ///
  /// - Parameters:
  ///   - sql: One statement; what comes from a file stands in `values`.
  ///   - values: What the statement's `?` stand for.
  ///   - take: Gets the row, which is gone after it.
  /// - Throws: What SQLite says, what `take` throws, or that the work was more than is allowed.
  func query(
    _ sql: String, _ values: [String] = [], _ take: (DatabaseRow) throws(ImportError) -> Void
  ) throws(ImportError) {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    try check(sqlite3_prepare_v2(connection, sql, -1, &statement, nil))
    guard let statement else { return }
    for (index, value) in values.enumerated() {
      let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      try check(sqlite3_bind_text(statement, Int32(index + 1), value, -1, copied))
    }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: try take(DatabaseRow(statement: statement))
      case SQLITE_DONE: return
      case let code: try check(code)
      }
    }
  }

  /// Checks that these are plain tables with these columns: others may compute what they say.
  func check(table: String, columns: [String]) throws(ImportError) {
    var kinds: [Bool] = []
    try query(
      "SELECT type = 'table' AND rootpage > 0 FROM sqlite_master WHERE name = ? COLLATE NOCASE",
      [table]
    ) { kinds.append($0.int(0) == 1) }
    guard kinds == [true] else {
      throw .incomplete(
        path, reason: kinds.isEmpty ? "it has no table \(table)" : "its \(table) is no plain table")
    }
    var found: Set<String> = []
    var isComputed = false
    try query("SELECT name, hidden FROM pragma_table_xinfo(?)", [table]) { row in
      if let name = row.text(0) { found.insert(name.lowercased()) }
      if row.int(1) != 0 { isComputed = true }
    }
    if isComputed { throw .incomplete(path, reason: "its \(table) is no plain table") }
    for column in columns where !found.contains(column) {
      throw .incomplete(path, reason: "its table \(table) has no column \(column)")
    }
  }

  private func check(_ code: Int32) throws(ImportError) {
    switch code {
    case SQLITE_OK: return
    case SQLITE_INTERRUPT:
      throw .incomplete(path, reason: "the database takes longer to read than one of its size may")
    default:
      let reason = connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
      throw .unreadable(path, reason: reason ?? "SQLite error \(code)")
    }
  }
}

/// A row of an answer; columns count from 0.
struct DatabaseRow {
  fileprivate let statement: OpaquePointer

  /// The whole number in a column; `nil` for anything else.
  func int(_ column: Int32) -> Int? {
    guard sqlite3_column_type(statement, column) == SQLITE_INTEGER else { return nil }
    return Int(sqlite3_column_int64(statement, column))
  }

  func number(_ column: Int32) -> Double? {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER, SQLITE_FLOAT: sqlite3_column_double(statement, column)
    default: nil
    }
  }

  func text(_ column: Int32) -> String? {
    guard sqlite3_column_type(statement, column) == SQLITE_TEXT,
      let start = sqlite3_column_text(statement, column)
    else { return nil }
    let count = Int(sqlite3_column_bytes(statement, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
}
