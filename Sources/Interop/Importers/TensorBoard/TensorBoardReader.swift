/// Reads the event files of one run.
final class TensorBoardReader: RunReader {
  private var files: GrowingFiles
  private var run: TensorBoardRun

  init(of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool) {
    files = GrowingFiles(place.files)
    run = TensorBoardRun(place, keeping: keeps)
  }

  var logs: [RunLog] { [run.log] }

  func advance(progress: (Int) -> Void) throws(ImportError) {
    try files.advance(progress: progress) { (stream, file) throws(ImportError) in
      let records = EventRecords(stream: stream)
      return try records.withNext { (event) throws(ImportError) in
        do {
          try run.read(event, in: file)
        } catch {
          throw records.damage("\(error), though its checksum is right")
        }
      }
    }
  }
}
