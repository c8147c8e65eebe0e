/// Where a text is no JSON: what should stand there, and what does.
package struct JSONError: Error, Hashable, CustomStringConvertible {
  /// Bytes before the place.
  package var offset: Int
  package var expected: String
  /// The bytes at the place, as far as a line of an error shows them; `nil` at the end of the text.
  package var found: String?

  package init(offset: Int, expected: String, found: String?) {
    self.offset = offset
    self.expected = expected
    self.found = found
  }

  /// Whether the text may be the start of a whole one.
  package var isAtEnd: Bool { found == nil }

  /// What is wrong, without the place.
  package var reason: String {
    "no JSON: expected \(expected), found \(found.map { "`\($0)`" } ?? "the end of the text")"
  }

  package var description: String { "byte \(offset): \(reason)" }
}

extension ImportError {
  /// The error for a JSON text whose first byte is at `start` in the file at `path`.
  package init(_ error: JSONError, in path: String, from start: Int = 0) {
    self = .damaged(LogDamage(file: path, offset: start + error.offset, reason: error.reason))
  }
}
