import Foundation
import GRDBSQLite
import Interop

/// Logs that the real tools wrote.
enum ImporterFixtures {
  static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
      .path
  }

  /// A file as importers are shown it.
  static func file(_ path: String) -> LogFile {
    let bytes = FileManager.default.contents(atPath: path) ?? Data()
    return LogFile(path: path, bytes: bytes.count, head: Array(bytes.prefix(4096)))
  }

  /// The plain files in a folder, by path.
  static func files(_ folder: String) -> [LogFile] {
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return paths.sorted().map { folder + "/" + $0 }.filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder)
        && !isFolder.boolValue
    }.map { file($0) }
  }

  /// Every run that an importer finds in a folder.
  static func runs(_ importer: any RunImporter, _ folder: String) throws -> [RunLog] {
    let places = importer.places(among: files(folder).filter { importer.recognizes($0) })
    return try places.flatMap { place in
      let reader = try importer.reader(of: place) { _ in true }
      try reader.advance { _ in }
      return reader.logs
    }
  }

  /// Runs statements on the database at `path`, which is made if it is missing.
  static func run(_ sql: String, on path: String) throws {
    var connection: OpaquePointer?
    defer { sqlite3_close_v2(connection) }
    guard sqlite3_open(path, &connection) == SQLITE_OK,
      sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK
    else { throw SQLFailure(reason: String(cString: sqlite3_errmsg(connection))) }
  }

  private struct SQLFailure: Error {
    var reason: String
  }
}
