import Foundation
import Interop
import Support

/// A log written to a file and read by an importer.
struct ReadLog {
  let folder: TemporaryFolder
  let importer: any RunImporter
  let reader: any RunReader
  let path: String

  init(_ text: String, _ importer: any RunImporter, file: String = "run.log") throws {
    try self.init(Array(text.utf8), importer, file: file)
  }

  init(_ bytes: [UInt8], _ importer: any RunImporter, file: String = "run.log") throws {
    folder = try TemporaryFolder()
    path = folder.file(file)
    try Data(bytes).write(to: URL(filePath: path))
    self.importer = importer
    let file = LogFile(path: path, bytes: bytes.count, head: Array(bytes.prefix(4096)))
    reader = try importer.reader(of: importer.places(among: [file])[0]) { _ in true }
    try reader.advance { _ in }
  }

  var log: RunLog { reader.logs[0] }

  func points(_ name: String) -> [Int: Double] {
    guard let series = log.series(name) else { return [:] }
    return Dictionary(zip(series.steps, series.values)) { $1 }
  }

  /// The setting of the best name that has one.
  func setting(_ field: String) -> LoggedValue? {
    importer.names.settings[field]?.lazy.compactMap { log.settings[$0.key]?.value }.first
  }

  func append(_ text: String) throws {
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
    try reader.advance { _ in }
  }

  /// The importers that say that the log is theirs.
  static func kinds(of text: String, named name: String = "run.log") throws -> [String] {
    let folder = try TemporaryFolder()
    let path = folder.file(name)
    try Data(text.utf8).write(to: URL(filePath: path))
    let file = LogFile(
      path: path, bytes: text.utf8.count, head: Array(text.utf8.prefix(4096)))
    return RunImporters.all.filter { $0.recognizes(file) }.map(\.kind)
  }
}
