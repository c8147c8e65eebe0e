/// A key with its value in a record of history, summary or configuration, still as it is written.
///
/// Field numbers are those of `wandb/proto/wandb_internal.proto`; clients write either the value in
/// JSON or, if told so, its type and itself, or both.
struct LoggedItem {
  private enum Field {
    static let key = 1
    static let nestedKey = 2
    static let flag = 4
    static let integer = 5
    static let number = 6
    static let text = 7
    static let typedJSON = 8
    static let json = 16
  }

  private let bytes: UnsafeRawBufferPointer
  private var key: UnsafeRawBufferPointer?
  private var nestedKeys = 0
  private var flag: Bool?
  private var typedNumber: Double?
  /// A text of its own, outside JSON.
  private var text: UnsafeRawBufferPointer?
  private(set) var json: UnsafeRawBufferPointer?

  init(_ bytes: UnsafeRawBufferPointer) throws(ProtobufError) {
    self.bytes = bytes
    var fields = ProtobufReader(bytes)
    while let field = try fields.next() {
      switch (field.number, field.value) {
      case (Field.key, .bytes(let name)):
        if !name.isEmpty, nestedKeys == 0 { key = name }
      case (Field.nestedKey, .bytes(let name)):
        if nestedKeys == 0 { key = name }
        nestedKeys += 1
      case (Field.flag, .varint(let bit)): flag = bit != 0
      case (Field.integer, .varint(let bits)):
        typedNumber = Double(Int64(bitPattern: bits >> 1) ^ -Int64(bits & 1))
      case (Field.number, .fixed64(let bits)): typedNumber = Double(bitPattern: bits)
      case (Field.text, .bytes(let bytes)): text = bytes
      case (Field.typedJSON, .bytes(let bytes)): json = json ?? bytes
      case (Field.json, .bytes(let bytes)): json = bytes
      default: break
      }
    }
  }

  /// Hands the name to `read`: the key, or nested ones joined with `.`.
  ///
  /// - Parameters:
  ///   - joined: Memory for a name of several parts.
  ///   - read: What is done with the name; it is not called if there is none.
  /// - Returns: What `read` returns.
  /// - Throws: Where the item is no message.
  func withName<Result>(
    joinedIn joined: inout [UInt8], _ read: (UnsafeRawBufferPointer) -> Result?
  ) throws(ProtobufError) -> Result? {
    guard let key else { return nil }
    guard nestedKeys > 1 else { return read(key) }
    joined.removeAll(keepingCapacity: true)
    var fields = ProtobufReader(bytes)
    while let field = try fields.next() {
      guard field.number == Field.nestedKey, case .bytes(let name) = field.value else { continue }
      if !joined.isEmpty { joined.append(UInt8(ascii: ".")) }
      joined.append(contentsOf: name)
    }
    return joined.withUnsafeBytes(read)
  }

  /// The value as a number; `nil` for anything else.
  var number: Double? { typedNumber ?? json.flatMap(Self.number) }

  /// The value, whatever it is; `nil` if there is none that can be read.
  var value: JSONValue? {
    if let json { return try? JSONValue(parsing: json) }
    if let text { return .text(String(decoding: text, as: UTF8.self)) }
    return typedNumber.map(JSONValue.number) ?? flag.map(JSONValue.flag)
  }

  /// Whether the value is an object, whose members have names of their own.
  var isObject: Bool { json?.first == UInt8(ascii: "{") }

  /// The number that is all of a text in JSON, as Python and wandb write it: with bare `NaN` and
  /// `Infinity`, or, in old clients, with these as texts.
  private static func number(in json: UnsafeRawBufferPointer) -> Double? {
    guard let first = json.first else { return nil }
    switch first {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      if let number = NumberText.number(json) { return number }
    case UInt8(ascii: "N"), UInt8(ascii: "I"), UInt8(ascii: "\""): break
    default: return nil
    }
    return notFinite.first { $0.word.elementsEqual(json) }?.value
  }

  private static let notFinite: [(word: [UInt8], value: Double)] = [
    ("NaN", Double.nan), ("Infinity", .infinity), ("-Infinity", -.infinity),
  ].flatMap { word, value in [(Array(word.utf8), value), (Array("\"\(word)\"".utf8), value)] }
}
