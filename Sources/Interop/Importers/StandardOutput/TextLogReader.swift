/// What one tool's lines on standard output mean.
protocol TextLogLines {
  /// Takes what `line` says into `log`.
  mutating func read(_ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog)
}

/// A line of a file, for messages.
struct LinePlace: CustomStringConvertible {
  let file: LineReader
  var description: String { "\(file.path), line \(file.line)" }
}

/// Reads a run's text, line by line; a line that says nothing to its tool is no damage.
final class TextLogReader<Lines: TextLogLines>: RunReader {
  private static var bytesBetweenReports: Int { 1 << 22 }

  private let files: [LineReader]
  private var lines: Lines
  private var log: RunLog

  /// - Parameters:
  ///   - place: The files, read one after another.
  ///   - lines: What their lines mean.
  ///   - name: What the run is called; by default, as its file.
  ///   - keeps: Which metrics are kept.
  /// - Throws: `ImportError` where a file cannot be opened.
  init(
    _ place: LogPlace, _ lines: Lines, named name: String? = nil,
    keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) {
    var files: [LineReader] = []
    for path in place.files {
      let file = try LineReader(path)
      file.suspend()
      files.append(file)
    }
    self.files = files
    self.lines = lines
    let fileName = place.path.split(separator: "/").last.map(String.init)
    log = RunLog(name: name ?? fileName ?? place.path, keeping: keeps)
  }

  func advance(progress: (Int) -> Void) throws(ImportError) {
    var done = 0
    for file in files {
      let start = file.offset
      var reported = start
      while let line = try file.next() {
        lines.read(line, at: LinePlace(file: file), into: &log)
        if file.offset - reported >= Self.bytesBetweenReports {
          reported = file.offset
          progress(done + reported - start)
        }
      }
      done += file.offset - start
      file.suspend()
    }
    progress(done)
  }

  func finish() throws(ImportError) {
    for file in files {
      while let line = try file.next(unfinished: true) {
        lines.read(line, at: LinePlace(file: file), into: &log)
      }
    }
  }

  var logs: [RunLog] {
    var log = log
    for file in files where file.passedOver > 0 {
      log.remarks.append(
        "\(file.path): \(file.passedOver) bytes in lines longer than \(LineReader.mostLineBytes) "
          + "bytes are passed over")
    }
    return [log]
  }
}
