import Foundation

/// Searching and cutting text that lies in memory, without copies.
extension UnsafeRawBufferPointer {
  /// The bytes of `range`, which must lie within.
  func part(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[range])
  }

  /// Where `byte` first stands at or after `start`.
  func place(of byte: UInt8, from start: Int = 0) -> Int? {
    guard let base = baseAddress, start < count else { return nil }
    guard let found = memchr(base + start, Int32(byte), count - start) else { return nil }
    return UnsafeRawPointer(found) - base
  }

  /// Where `text` first stands at or after `start`.
  func place(of text: StaticString, from start: Int = 0) -> Int? {
    var start = start
    while let found = place(of: text.utf8Start[0], from: start) {
      if has(text, at: found) { return found }
      start = found + 1
    }
    return nil
  }

  func contains(_ text: StaticString) -> Bool { place(of: text) != nil }

  /// Whether `text` stands at `start`.
  func has(_ text: StaticString, at start: Int = 0) -> Bool {
    let length = text.utf8CodeUnitCount
    guard let base = baseAddress, start >= 0, count - start >= length else { return false }
    return memcmp(base + start, text.utf8Start, length) == 0
  }

  func hasSuffix(_ text: StaticString) -> Bool {
    has(text, at: count - text.utf8CodeUnitCount)
  }

  /// The bytes without spaces and tabs at both ends.
  var trimmed: UnsafeRawBufferPointer {
    var (first, last) = (0, count)
    while first < last, self[first].isBlank { first += 1 }
    while last > first, self[last - 1].isBlank { last -= 1 }
    return part(first..<last)
  }

  /// What follows `text`, where that stands at the start.
  func dropping(_ text: StaticString) -> UnsafeRawBufferPointer? {
    has(text) ? part(text.utf8CodeUnitCount..<count) : nil
  }

  var text: String { String(decoding: self, as: UTF8.self) }
}

extension UInt8 {
  var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
  var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}
