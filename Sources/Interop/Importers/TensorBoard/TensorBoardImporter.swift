/// Event files of TensorBoard, as PyTorch, TensorFlow and those who build on them write them.
package struct TensorBoardImporter: RunImporter {
  package let kind = "tensorboard"
  package let reads = "TensorBoard event files (*tfevents*); a folder of them is one run"
  package let names = FieldNames.common

  package init() {}

  package func recognizes(_ file: LogFile) -> Bool { file.name.contains(Self.mark) }

  package func places(among files: [LogFile]) -> [LogPlace] {
    let folders = Set(files.map(\.folder))
    var members: [String: [LogFile]] = [:]
    for file in files {
      members[Self.runFolder(of: file.folder, among: folders), default: []].append(file)
    }
    return members.sorted { $0.key < $1.key }.map { folder, files in
      LogPlace(
        path: folder.isEmpty ? "." : folder, files: files.sorted(by: Self.isEarlier).map(\.path))
    }
  }

  package func reader(
    of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader {
    TensorBoardReader(of: place, keeping: keeps)
  }

  private static let mark = "tfevents"
  /// Of a time in seconds; folders are called by learning rates, too.
  private static let fewestDigits = 9

  /// The folder of the run to which files in `folder` belong.
  ///
  /// PyTorch's `add_hparams` puts a run's hyperparameters into a folder of their own in the run's,
  /// and calls it by the time in seconds, such as `1700000000.123`.
  private static func runFolder(of folder: String, among folders: Set<String>) -> String {
    let parts = folder.split(separator: "/", omittingEmptySubsequences: false)
    let time = parts.last?.split(separator: ".", omittingEmptySubsequences: false) ?? []
    guard time.count == 2, time[0].utf8.count >= fewestDigits,
      time.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } })
    else { return folder }
    let parent = parts.dropLast().joined(separator: "/")
    return folders.contains(parent) ? parent : folder
  }

  /// Whether `file` was begun before `other`: names of event files have the time behind `tfevents.`.
  private static func isEarlier(_ file: LogFile, _ other: LogFile) -> Bool {
    (time(of: file), file.name, file.path) < (time(of: other), other.name, other.path)
  }

  private static func time(of file: LogFile) -> Int {
    let parts = file.name.split(separator: ".")
    guard let place = parts.firstIndex(where: { $0.hasSuffix(mark) }), place + 1 < parts.count
    else { return 0 }
    return Int(parts[place + 1]) ?? 0
  }
}
