/// Reads the lines of `wandb-history.jsonl`, as clients before version 0.10 wrote it.
enum HistoryLine {
  /// Longer lines are none.
  private static let mostBytes = 1 << 24

  /// Hands the object in the next line to `read`, and passes over the line if that does not throw.
  ///
  /// - Returns: `false` where no whole line is written yet.
  static func withNext(
    in stream: FileStream, _ read: (JSONValue) -> Void
  ) throws(ImportError) -> Bool {
    guard let end = try stream.lineEnd(within: mostBytes) else { return false }
    let line = stream.unread.part(0..<end)
    if line.contains(where: { $0 > 0x20 }) { read(try value(line, stream)) }
    stream.consume(end + 1)
    return true
  }

  private static func value(
    _ line: UnsafeRawBufferPointer, _ stream: FileStream
  ) throws(ImportError) -> JSONValue {
    do {
      return try JSONValue(parsing: line)
    } catch {
      throw ImportError(error, in: stream.path, from: stream.offset)
    }
  }
}
