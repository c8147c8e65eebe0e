import Foundation

/// Reads the lines of `wandb-history.jsonl`, as clients before version 0.10 wrote it.
enum HistoryLine {
  /// Longer lines are none.
  private static let mostBytes = 1 << 24
  private static let lineEnd: Int32 = 0x0A

  /// Hands the object in the next line to `read`, and passes over the line if that does not throw.
  ///
  /// - Returns: `false` where no whole line is written yet.
  static func withNext(
    in stream: FileStream, _ read: (JSONValue) -> Void
  ) throws(ImportError) -> Bool {
    var searched = 0
    while true {
      let unread = stream.unread
      if let start = unread.baseAddress, searched < unread.count,
        let end = memchr(start + searched, lineEnd, unread.count - searched)
      {
        let length = UnsafeRawPointer(end) - start
        let line = UnsafeRawBufferPointer(rebasing: unread[..<length])
        if line.contains(where: { $0 > 0x20 }) { read(try value(line, stream)) }
        stream.consume(length + 1)
        return true
      }
      searched = unread.count
      guard searched <= mostBytes else {
        throw .tooLarge(stream.path, what: "a line in bytes", limit: mostBytes)
      }
      guard try stream.fillMore() else { return false }
    }
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
