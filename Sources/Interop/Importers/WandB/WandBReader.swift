/// Reads the logs of one run: `.wandb` files, or the history in JSON of old clients.
final class WandBReader: RunReader {
  private var files: GrowingFiles
  private var transactions = TransactionLog()
  private var run: WandBRun
  private let folder: String
  /// For each file, whether it is a history in JSON.
  private let isHistory: [Bool]

  init(of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool) {
    files = GrowingFiles(place.files)
    run = WandBRun(place, keeping: keeps)
    let logs = place.files.map { LogFile(path: $0, bytes: 0, head: []) }
    folder = logs.last?.folder ?? ""
    isHistory = logs.map { $0.name == WandBImporter.historyName }
  }

  var logs: [RunLog] { [run.log] }

  func advance(progress: (Int) -> Void) throws(ImportError) {
    defer { run.readFolderOnce(folder) }
    try files.advance(progress: progress) { (stream, file) throws(ImportError) in
      if isHistory[file] { return try HistoryLine.withNext(in: stream) { run.read(history: $0) } }
      return try transactions.withNext(in: stream) { (record) throws(ImportError) in
        do {
          try run.read(record, in: file)
        } catch {
          throw TransactionLog.damage(stream, 0, "\(error), though its checksum is right")
        }
      }
    }
  }
}
