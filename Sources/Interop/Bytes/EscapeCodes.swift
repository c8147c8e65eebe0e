/// Takes the codes for colours and the cursor out of text (ECMA-48).
package final class EscapeCodes {
  private static let escape: UInt8 = 0x1b
  private static let bell: UInt8 = 0x07

  private var kept = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  package init() {}

  deinit { kept.deallocate() }

  /// The text without codes, valid until the next call.
  package func removed(from text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard var code = text.place(of: Self.escape) else { return text }
    if kept.count < text.count {
      kept.deallocate()
      kept = .allocate(byteCount: max(1 << 12, 2 * text.count), alignment: 16)
    }
    var (start, length) = (0, 0)
    while true {
      copy(text.part(start..<code), at: &length)
      start = Self.end(of: code, in: text)
      guard let next = text.place(of: Self.escape, from: start) else { break }
      code = next
    }
    copy(text.part(start..<text.count), at: &length)
    return UnsafeRawBufferPointer(rebasing: kept[0..<length])
  }

  private func copy(_ text: UnsafeRawBufferPointer, at length: inout Int) {
    UnsafeMutableRawBufferPointer(rebasing: kept[length...]).copyMemory(from: text)
    length += text.count
  }

  /// The first place behind the code that begins at `start`.
  private static func end(of start: Int, in text: UnsafeRawBufferPointer) -> Int {
    var place = start + 1
    guard place < text.count else { return text.count }
    if text[place] == UInt8(ascii: "]") { return endOfString(from: place + 1, in: text) }
    let isSequence = text[place] == UInt8(ascii: "[")
    if isSequence { place += 1 }
    // Parameters and intermediate bytes, then one that ends the code.
    while place < text.count, (isSequence ? 0x20...0x3f : 0x20...0x2f).contains(text[place]) {
      place += 1
    }
    return min(place + 1, text.count)
  }

  /// The end of a code with text in it, such as one that sets a window's title.
  private static func endOfString(from start: Int, in text: UnsafeRawBufferPointer) -> Int {
    var place = start
    while place < text.count {
      if text[place] == bell { return place + 1 }
      if text[place] == escape { return min(place + 2, text.count) }
      place += 1
    }
    // A title without an end is none: its text stays.
    return start
  }
}
