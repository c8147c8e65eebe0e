/// Text in which `#` stands for a number, with blanks before it.
struct LinePattern: Sendable {
  private let parts: [[UInt8]]

  init(_ text: String) {
    parts = text.utf8.split(separator: UInt8(ascii: "#"), omittingEmptySubsequences: false)
      .map(Array.init)
  }

  /// Where it first stands in `text`.
  func place(in text: UnsafeRawBufferPointer) -> Int? {
    var start = 0
    while let found = place(ofFirstPartIn: text, from: start) {
      if matches(text, at: found) { return found }
      start = found + 1
    }
    return nil
  }

  private func place(ofFirstPartIn text: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let first = parts.first?.first else { return nil }
    var start = start
    while let found = text.place(of: first, from: start) {
      if has(parts[0], in: text, at: found) { return found }
      start = found + 1
    }
    return nil
  }

  private func matches(_ text: UnsafeRawBufferPointer, at start: Int) -> Bool {
    var place = start
    for (index, part) in parts.enumerated() {
      if index > 0 {
        NumberText.skipBlanks(in: text, at: &place)
        guard NumberText.number(in: text, at: &place, separated: true) != nil else { return false }
      }
      guard has(part, in: text, at: place) else { return false }
      place += part.count
    }
    return true
  }

  private func has(_ part: [UInt8], in text: UnsafeRawBufferPointer, at start: Int) -> Bool {
    text.count - start >= part.count && (0..<part.count).allSatisfy { text[start + $0] == part[$0] }
  }
}
