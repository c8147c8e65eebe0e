import Foundation

/// The part of a file that is looked at to tell whose standard output it is.
enum StandardOutputSample {
  /// Enough for what is printed before the training begins.
  private static let mostBytes = 1 << 20

  /// What people call files into which they redirect a job's output.
  private static let outputExtensions: Set<String> = ["log", "out", "txt"]

  /// Files that may quote the lines of a log, and are none.
  private static let otherExtensions: Set<String> = [
    "c", "cfg", "conf", "csv", "cu", "gz", "h", "html", "ipynb", "js", "json", "jsonl", "md", "py",
    "rst", "sh", "swift", "toml", "tsv", "wandb", "xml", "yaml", "yml",
  ]

  static func mayBeText(_ file: LogFile) -> Bool {
    !otherExtensions.contains(fileExtension(of: file)) && !isTrackersCopy(file)
  }

  /// Whether there is no byte that only binary files have.
  static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.place(of: 0) == nil }

  /// Calls `body` with the beginning of the file, where its name is that of a job's output.
  static func withBeginning(of file: LogFile, _ body: (UnsafeRawBufferPointer) -> Bool) -> Bool {
    let isOutput =
      outputExtensions.contains(fileExtension(of: file)) || file.name.hasPrefix("slurm-")
    guard isOutput, file.bytes > file.head.count, let stream = try? FileStream(file.path),
      (try? stream.fill(mostBytes)) != nil
    else { return false }
    let text = stream.unread
    return isText(text) && body(text.part(0..<min(mostBytes, text.count)))
  }

  private static func fileExtension(of file: LogFile) -> String {
    let parts = file.name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1 ? parts[parts.count - 1].lowercased() : ""
  }

  /// Whether W&B keeps this copy beside its own record of the same run.
  private static func isTrackersCopy(_ file: LogFile) -> Bool {
    guard file.name == "output.log", file.folder.hasSuffix("/files") else { return false }
    let run = String(file.folder.dropLast("/files".count))
    guard let id = run.split(separator: "-").last else { return false }
    return FileManager.default.fileExists(atPath: "\(run)/run-\(id).wandb")
  }
}
