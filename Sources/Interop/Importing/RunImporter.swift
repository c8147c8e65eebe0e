/// Reads the logs of one tool.
///
/// A new one is a file in `Importers` and a line in `RunImporters.all`.
package protocol RunImporter: Sendable {
  /// What `--from` calls it: one lower-case word.
  var kind: String { get }
  /// What it reads, as one line of the help.
  var reads: String { get }
  /// The tool's names for the fields of the run record.
  var names: FieldNames { get }

  /// Whether the file is a log of this tool, judged by its name and its first bytes.
  func recognizes(_ file: LogFile) -> Bool

  /// The runs whose logs are `files`, all recognized and of one search; by default, one in each.
  func places(among files: [LogFile]) -> [LogPlace]

  /// A reader of the logs at `place`, that keeps the numbers of metrics that satisfy `keeps`.
  func reader(
    of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader

  /// The same for tables, whose columns the user may name.
  func reader(
    of place: LogPlace, choices: ImportChoices, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader
}

extension RunImporter {
  package func reader(
    of place: LogPlace, choices: ImportChoices, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader {
    try reader(of: place, keeping: keeps)
  }

  package func places(among files: [LogFile]) -> [LogPlace] {
    files.map { LogPlace(path: $0.path, files: [$0.path]) }
  }
}

/// Reads the logs at one place from their start to where they have come, and on when they have grown.
package protocol RunReader: AnyObject {
  /// Reads what was written since the last call.
  ///
  /// A record that is cut at the end of a file is left for the next call, and is no damage.
  ///
  /// - Parameter progress: Called now and then with the bytes read in this call.
  /// - Throws: `.damaged` for anything else that is no record; `logs` then has what came before.
  func advance(progress: (Int) -> Void) throws(ImportError)

  /// Reads what stands at the end of a log without an end of its own, once no more is waited for.
  func finish() throws(ImportError)

  /// What was read: usually one run.
  var logs: [RunLog] { get }

  /// Runs that were read as whole records, which nothing has to be derived for.
  var runs: [ImportedRun] { get }

  /// Rows of a table that are no runs, each of which is alone in that.
  var damagedRows: [ImportError] { get }
}

extension RunReader {
  package func finish() throws(ImportError) {}

  package var runs: [ImportedRun] { [] }

  package var damagedRows: [ImportError] { [] }
}

/// A file that may be a log.
package struct LogFile: Hashable, Sendable {
  package var path: String
  package var bytes: Int
  /// The first 4096 bytes, or all.
  package var head: [UInt8]

  package init(path: String, bytes: Int, head: [UInt8]) {
    self.path = path
    self.bytes = bytes
    self.head = head
  }

  package var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  /// The path of the folder it lies in.
  package var folder: String { String(path.utf8.dropLast(name.utf8.count + 1)) ?? "" }
}

/// The files that tell of one run, or of several that share them.
package struct LogPlace: Hashable, Sendable {
  /// What names the run in messages: a file, or the folder that is the run's own.
  package var path: String
  /// What is read, in this order.
  package var files: [String]
  /// Folders of which all that lies in them tells of this run, whoever wrote it.
  package var ownedFolders: [String]

  package init(path: String, files: [String], ownedFolders: [String] = []) {
    self.path = path
    self.files = files
    self.ownedFolders = ownedFolders
  }
}
