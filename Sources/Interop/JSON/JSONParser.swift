/// Reads a JSON text from its start to its end: value by value, or piece by piece.
///
/// Besides JSON (RFC 8259), `NaN`, `Infinity` and `-Infinity` are numbers, since Python writes them.
/// A byte-order mark is passed over. Of a key that comes twice in an object the last value counts.
///
/// To walk through an object, `beginObject()` and then a value for every key of `nextKey()`; through
/// a list, `beginList()` and then a value for every `true` of `nextElement()`.
package struct JSONParser {
  /// More lists and objects in one another are no log.
  package static let usualDepth = 64

  let bytes: UnsafeRawBufferPointer
  /// Bytes before what is read next.
  package internal(set) var position = 0
  private var depthLeft: Int
  /// Whether a list or object has just begun.
  private var isFresh = false

  /// - Parameters:
  ///   - bytes: The text, which must stay while it is read.
  ///   - depth: How many lists and objects may stand in one another.
  package init(_ bytes: UnsafeRawBufferPointer, depth: Int = usualDepth) {
    self.bytes = bytes
    depthLeft = depth
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Reads the value that comes next, whole.
  package mutating func value() throws(JSONError) -> JSONValue {
    switch nextByte() {
    case UInt8(ascii: "{"):
      return .object(try members())
    case UInt8(ascii: "["):
      try beginList()
      var elements: [JSONValue] = []
      while try nextElement() { elements.append(try value()) }
      return .list(elements)
    default:
      return try scalar()
    }
  }

  /// Passes over the value that comes next, which must be JSON all the same.
  package mutating func skip() throws(JSONError) {
    switch nextByte() {
    case UInt8(ascii: "{"):
      try beginObject()
      while try skipKey() { try skip() }
    case UInt8(ascii: "["):
      try beginList()
      while try nextElement() { try skip() }
    default:
      _ = try scalar()
    }
  }

  /// Checks that nothing follows.
  package mutating func finish() throws(JSONError) {
    if nextByte() != nil { throw error("nothing more") }
  }

  package mutating func beginObject() throws(JSONError) {
    try begin(UInt8(ascii: "{"), "an object")
  }

  package mutating func beginList() throws(JSONError) {
    try begin(UInt8(ascii: "["), "a list")
  }

  /// The next key of the object that is walked through; `nil` at its end.
  package mutating func nextKey() throws(JSONError) -> String? {
    guard try advance(before: UInt8(ascii: "}"), "`,` or `}`") else { return nil }
    guard nextByte() == UInt8(ascii: "\"") else { throw error("a key in quotes") }
    let key = try text()
    guard nextByte() == UInt8(ascii: ":") else { throw error("`:`") }
    position += 1
    return key
  }

  /// Whether another element comes in the list that is walked through.
  package mutating func nextElement() throws(JSONError) -> Bool {
    try advance(before: UInt8(ascii: "]"), "`,` or `]`")
  }

  /// The first byte that is no white space, which is read next.
  package mutating func nextByte() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  /// The error that something else was expected at the place that is read next.
  func error(_ expected: String) -> JSONError {
    let shown = 24
    let rest = bytes[min(position, bytes.count)..<min(position + shown, bytes.count)]
    let printable: ClosedRange<UInt8> = 0x20...0x7E
    let found = String(
      decoding: rest.map { printable ~= $0 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    return JSONError(offset: position, expected: expected, found: rest.isEmpty ? nil : found)
  }
}

extension JSONParser {
  private mutating func begin(_ opening: UInt8, _ name: String) throws(JSONError) {
    guard nextByte() == opening else { throw error(name) }
    guard depthLeft > 0 else { throw error("fewer lists and objects in one another") }
    depthLeft -= 1
    position += 1
    isFresh = true
  }

  /// Reads up to the next member or element, or over the end.
  private mutating func advance(
    before closing: UInt8, _ expected: String
  ) throws(JSONError) -> Bool {
    let byte = nextByte()
    if byte == closing {
      position += 1
      depthLeft += 1
      isFresh = false
      return false
    }
    if !isFresh {
      guard byte == UInt8(ascii: ",") else { throw error(expected) }
      position += 1
    }
    isFresh = false
    return true
  }

  private mutating func members() throws(JSONError) -> [JSONMember] {
    /// In smaller objects a look at every key is faster than a table of them.
    let small = 16
    var members: [JSONMember] = []
    var places: [String: Int] = [:]
    try beginObject()
    while let key = try nextKey() {
      let member = JSONMember(key, try value())
      let known =
        members.count <= small ? members.firstIndex { $0.key == key } : places[key]
      if let known {
        members[known] = member
        continue
      }
      members.append(member)
      if members.count == small + 1 {
        for (place, member) in members.enumerated() { places[member.key] = place }
      } else if members.count > small {
        places[key] = members.count - 1
      }
    }
    return members
  }

  private mutating func skipKey() throws(JSONError) -> Bool { try nextKey() != nil }
}
