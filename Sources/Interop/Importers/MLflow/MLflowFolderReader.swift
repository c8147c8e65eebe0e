import Foundation

/// Reads the folder of one run in MLflow's store of files, again whenever a file in it was written.
final class MLflowFolderReader: RunReader {
  private static let mostLineBytes = 4096
  private static let mostValueBytes = 1 << 16

  private(set) var logs: [RunLog] = []

  private let meta: String
  private let folder: String
  private let keeps: @Sendable (String) -> Bool
  private var written: [FileVersion?] = []
  private var log: RunLog

  /// - Parameters:
  ///   - meta: The path of the run's `meta.yaml`.
  ///   - keeps: Whose numbers are kept.
  init(_ meta: String, keeping keeps: @escaping @Sendable (String) -> Bool) {
    self.meta = meta
    self.keeps = keeps
    folder = meta.contains("/") ? String(meta.dropLast("/meta.yaml".utf8.count)) : "."
    log = RunLog(name: folder, keeping: keeps)
  }

  func advance(progress: (Int) -> Void) throws(ImportError) {
    let params = KeyedFile.files(in: folder + "/params")
    let tags = KeyedFile.files(in: folder + "/tags")
    let metrics = KeyedFile.files(in: folder + "/metrics")
    let versions = [FileVersion(meta)] + (params + tags + metrics).map { FileVersion($0.path) }
    if versions == written { return }
    logs = []
    guard try readMeta() else {
      written = versions
      return
    }
    defer { logs = [log] }
    for tag in tags { readTag(tag) }
    for param in params {
      if let text = param.text(most: Self.mostValueBytes) {
        log.set(param.key, .text(text), at: param.path)
      }
    }
    var bytes = 0
    for file in metrics where keeps(file.key) {
      bytes += try read(metric: file)
      progress(bytes)
    }
    written = versions
  }

  /// - Returns: Whether the run is not deleted.
  private func readMeta() throws(ImportError) -> Bool {
    let value = try YAMLFile.value(meta)
    func text(_ key: String) -> String? { value[key]?.logged?.text }
    guard let id = text("run_id") ?? text("run_uuid"), !id.isEmpty else {
      throw .incomplete(meta, reason: "it has no run_id, as every run of MLflow has")
    }
    let name = text("run_name") ?? ""
    log = RunLog(name: name.isEmpty ? id : name, keeping: keeps)
    log.identity = "mlflow \(id)"
    log.end = MLflowStatus.end(text("status") ?? "")
    return text("lifecycle_stage") != "deleted"
  }

  private func readTag(_ tag: KeyedFile) {
    guard let text = tag.text(most: Self.mostValueBytes) else { return }
    if tag.key == "mlflow.runName", !text.isEmpty { log.name = text }
    log.set("tags.\(tag.key)", .text(text), at: tag.path)
  }

  private func read(metric file: KeyedFile) throws(ImportError) -> Int {
    guard let metric = log.metric(file.key) else { return 0 }
    let stream = try FileStream(file.path)
    while true {
      guard let end = stream.unread.firstIndex(of: 0x0A) else {
        guard stream.unread.count <= Self.mostLineBytes else {
          throw .tooLarge(file.path, what: "a line in bytes", limit: Self.mostLineBytes)
        }
        guard try stream.fillMore() else { return stream.offset }
        continue
      }
      let line = UnsafeRawBufferPointer(rebasing: stream.unread[..<end])
      if let (value, step) = try point(line, file.path, stream.offset) {
        log.append(value, at: step, to: metric)
      }
      stream.consume(end + 1)
    }
  }

  /// The numbers of a line: time, value, step, and in newer versions a dataset.
  ///
  /// - Returns: `nil` for a blank line.
  private func point(
    _ line: UnsafeRawBufferPointer, _ path: String, _ offset: Int
  ) throws(ImportError) -> (value: Double, step: Int)? {
    guard line.count <= Self.mostLineBytes else {
      throw .tooLarge(path, what: "a line in bytes", limit: Self.mostLineBytes)
    }
    let fields = String(decoding: line, as: UTF8.self).split { $0 == " " || $0.isNewline }
    if fields.isEmpty { return nil }
    guard fields.count >= 2, Int(fields[0]) != nil, let value = Double(fields[1]),
      let step = fields.count == 2 ? 0 : Int(fields[2])
    else {
      throw .damaged(
        LogDamage(
          file: path, offset: offset, reason: "expected a time, a value and a step in a line"))
    }
    return (value, step)
  }
}
