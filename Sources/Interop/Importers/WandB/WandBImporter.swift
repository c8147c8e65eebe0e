/// Runs of Weights & Biases as its client writes them to disk, online and offline.
package struct WandBImporter: RunImporter {
  package let kind = "wandb"
  package let reads = "Weights & Biases folders (wandb/run-*, wandb/offline-run-*), .wandb files"
  package let names = FieldNames.common

  package init() {}

  package func recognizes(_ file: LogFile) -> Bool {
    file.name.hasSuffix(Self.suffix) || file.name == Self.historyName
      || file.head.starts(with: TransactionLog.header)
  }

  package func places(among files: [LogFile]) -> [LogPlace] {
    var members: [[String]: [LogFile]] = [:]
    for file in files {
      members[Self.run(of: file), default: []].append(file)
    }
    return members.values.map { files in
      let parts = Self.withoutLink(files).map { (time: Self.time(of: $0), path: $0.path) }
      let paths = parts.sorted { ($0.time, $0.path) < ($1.time, $1.path) }.map(\.path)
      let isFolder = files[0].name == Self.historyName
      return LogPlace(
        path: isFolder ? files[0].folder : paths[0], files: paths,
        ownedFolders: Set(files.filter(Self.isInRunFolder).map(\.folder)).sorted())
    }.sorted { $0.path < $1.path }
  }

  package func reader(
    of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader {
    WandBReader(of: place, keeping: keeps)
  }

  /// What clients before version 0.10 call the history of a run.
  static let historyName = "wandb-history.jsonl"

  private static let suffix = ".wandb"
  private static let folderPrefixes = ["run-", "offline-run-"]
  /// The client's link to the folder of the run that began last.
  private static let link = "latest-run"

  /// What files of one run have in common: a run that is resumed writes to a new folder, named by the
  /// time and the run, beside the first.
  private static func run(of file: LogFile) -> [String] {
    let folder = LogFile(path: file.folder, bytes: 0, head: [])
    guard file.name != historyName else { return [file.folder, folder.name] }
    return isInRunFolder(file) ? [folder.folder, file.name] : [file.path]
  }

  /// Whether the client made the folder for the run, with a copy of what it printed.
  private static func isInRunFolder(_ file: LogFile) -> Bool {
    let folder = LogFile(path: file.folder, bytes: 0, head: [])
    return folder.name == link || folderPrefixes.contains { folder.name.hasPrefix($0) }
  }

  /// When the client that wrote `file` began, as its folder says.
  private static func time(of file: LogFile) -> String {
    let name = LogFile(path: file.folder, bytes: 0, head: []).name
    let prefix = folderPrefixes.first { name.hasPrefix($0) }
    return String(name.dropFirst(prefix?.count ?? 0))
  }

  private static func withoutLink(_ files: [LogFile]) -> [LogFile] {
    let own = files.filter { !$0.folder.hasSuffix(link) }
    return own.isEmpty ? files : own
  }
}
