/// The values of a file that has one JSON value in every line, as far as it is written.
package final class JSONLines {
  private let stream: FileStream
  private let mostLineBytes: Int
  /// The place of the line that was read last; lines count from 1.
  package private(set) var line = 0

  /// - Parameters:
  ///   - path: A plain file.
  ///   - mostLineBytes: A longer line is an error.
  /// - Throws: That there is no plain file, or that it cannot be read.
  package init(_ path: String, mostLineBytes: Int = 1 << 24) throws(ImportError) {
    stream = try FileStream(path)
    self.mostLineBytes = mostLineBytes
  }

  /// How long the file is now, in bytes.
  package var length: Int { stream.length }

  /// Bytes before the line that is read next.
  package var offset: Int { stream.offset }

  /// Reads on to the next line that is not blank.
  ///
  /// - Returns: `nil` at the end of what is written; a line that is cut there is read once it is whole.
  /// - Throws: `.damaged` for a line that is no JSON, which is then passed over.
  package func next() throws(ImportError) -> JSONValue? {
    while let (length, end) = try nextLine() {
      let start = stream.offset
      let text = UnsafeRawBufferPointer(rebasing: stream.unread[..<length])
      defer { stream.consume(end) }
      line += 1
      var parser = JSONParser(text)
      guard parser.nextByte() != nil else { continue }
      do {
        let value = try parser.value()
        try parser.finish()
        return value
      } catch {
        throw ImportError(error, in: stream.path, from: start)
      }
    }
    return nil
  }

  /// How many bytes of `unread` the next line has, without its end and with it.
  private func nextLine() throws(ImportError) -> (length: Int, end: Int)? {
    if let end = try stream.lineEnd(within: mostLineBytes) { return (end, end + 1) }
    return lastLine()
  }

  /// The last line without its end, where it can be no part of a longer one.
  private func lastLine() -> (length: Int, end: Int)? {
    let unread = stream.unread
    guard unread.last == UInt8(ascii: "}") || unread.last == UInt8(ascii: "]") else { return nil }
    var parser = JSONParser(unread)
    guard (try? parser.skip()) != nil, (try? parser.finish()) != nil else { return nil }
    return (unread.count, unread.count)
  }
}
