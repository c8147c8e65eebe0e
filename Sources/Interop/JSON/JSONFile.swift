/// A file that is one JSON text.
package enum JSONFile {
  /// Reads a whole file of at most `mostBytes`, and hands a parser at its start to `body`.
  ///
  /// - Throws: What is wrong with the file, or what `body` throws, with the file and the place;
  ///   `.incomplete` where the text is cut at its end.
  package static func read<Contents>(
    _ path: String, mostBytes: Int,
    _ body: (inout JSONParser) throws(JSONError) -> Contents
  ) throws(ImportError) -> Contents {
    let stream = try FileStream(path)
    let length = stream.length
    guard length <= mostBytes else {
      throw .tooLarge(path, what: "a JSON text in bytes", limit: mostBytes)
    }
    _ = try stream.fill(length)
    do {
      var parser = JSONParser(
        UnsafeRawBufferPointer(rebasing: stream.unread.prefix(length)))
      let contents = try body(&parser)
      try parser.finish()
      return contents
    } catch {
      if error.isAtEnd {
        throw .incomplete(
          path, reason: "its JSON is cut at the end: it is being written, or damaged")
      }
      throw ImportError(error, in: path)
    }
  }

  /// The value that is all of a file.
  package static func value(
    _ path: String, mostBytes: Int
  ) throws(ImportError) -> JSONValue {
    try read(path, mostBytes: mostBytes) { parser throws(JSONError) in try parser.value() }
  }
}
