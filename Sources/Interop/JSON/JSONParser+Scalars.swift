extension JSONParser {
  /// Reads a number, a text or a word.
  mutating func scalar() throws(JSONError) -> JSONValue {
    guard let first = nextByte() else { throw error("a value") }
    switch first {
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "N"): return try word("NaN", .number(.nan))
    case UInt8(ascii: "I"): return try word("Infinity", .number(.infinity))
    case UInt8(ascii: "-") where byte(at: position + 1) == UInt8(ascii: "I"):
      return try word("-Infinity", .number(-.infinity))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default: throw error("a value")
    }
  }

  private mutating func word(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard byte(at: position + index) == word.utf8Start[index] else {
        if byte(at: position + index) == nil { position = bytes.count }
        throw error("`\(word)`")
      }
    }
    position += word.utf8CodeUnitCount
    return value
  }

  private func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }
}

extension JSONParser {
  /// Reads a number, rounded as `strtod` does.
  private mutating func number() throws(JSONError) -> Double {
    let start = position
    if byte(at: position) == UInt8(ascii: "-") { position += 1 }
    if byte(at: position) == UInt8(ascii: "0") { position += 1 } else { try passDigits() }
    if byte(at: position) == UInt8(ascii: ".") {
      position += 1
      try passDigits()
    }
    if let mark = byte(at: position), mark | 0x20 == UInt8(ascii: "e") {
      position += 1
      let sign = byte(at: position)
      if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
      try passDigits()
    }
    let text = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    guard let number = NumberText.number(text) else { throw error("a number") }
    return number
  }

  private mutating func passDigits() throws(JSONError) {
    let start = position
    while let byte = byte(at: position), byte &- UInt8(ascii: "0") < 10 { position += 1 }
    if position == start { throw error("a digit") }
  }
}

extension JSONParser {
  /// Reads a text in quotes.
  mutating func text() throws(JSONError) -> String {
    let opening = position
    position += 1
    var start = position
    var unescaped: [UInt8] = []
    var bits: UInt8 = 0
    while let byte = byte(at: position) {
      bits |= byte
      if byte == UInt8(ascii: "\"") {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
        position += 1
        // Of all texts these are nearly all, and decoding is much faster than validating.
        if unescaped.isEmpty, bits < 0x80 { return String(decoding: rest, as: UTF8.self) }
        guard let text = String(validating: unescaped + rest, as: UTF8.self) else {
          position = opening
          throw error("a text in UTF-8")
        }
        return text
      }
      if byte == UInt8(ascii: "\\") {
        unescaped += bytes[start..<position]
        try escape { unescaped.append($0) }
        start = position
      } else if byte < 0x20 {
        throw error("a text without control characters")
      } else {
        position += 1
      }
    }
    throw error("`\"`")
  }

  private mutating func escape(_ take: (UInt8) -> Void) throws(JSONError) {
    position += 1
    switch byte(at: position) {
    case UInt8(ascii: "\"")?: take(UInt8(ascii: "\""))
    case UInt8(ascii: "\\")?: take(UInt8(ascii: "\\"))
    case UInt8(ascii: "/")?: take(UInt8(ascii: "/"))
    case UInt8(ascii: "b")?: take(0x08)
    case UInt8(ascii: "f")?: take(0x0C)
    case UInt8(ascii: "n")?: take(0x0A)
    case UInt8(ascii: "r")?: take(0x0D)
    case UInt8(ascii: "t")?: take(0x09)
    case UInt8(ascii: "u")?:
      position += 1
      for byte in String(try escapedScalar()).utf8 { take(byte) }
      return
    default: throw error("an escape such as `n` or `u00e9`")
    }
    position += 1
  }

  /// Reads the digits behind `\u`, and the second half of a pair; half a pair alone means nothing.
  private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
    let nothing: Unicode.Scalar = "\u{FFFD}"
    let first = try hexDigits()
    guard 0xD800..<0xDC00 ~= first, byte(at: position) == UInt8(ascii: "\\"),
      byte(at: position + 1) == UInt8(ascii: "u")
    else { return Unicode.Scalar(first) ?? nothing }
    let rewind = position
    position += 2
    let second = try hexDigits()
    guard 0xDC00..<0xE000 ~= second else {
      position = rewind
      return nothing
    }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? nothing
  }

  private mutating func hexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = byte(at: position),
        let digit = Character(Unicode.Scalar(byte)).hexDigitValue
      else { throw error("four hexadecimal digits") }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
