/// A tensor of one element in a summary: a number, or a text.
///
/// Field numbers and kinds are those of `tensorboard/compat/proto/tensor.proto` and `types.proto`;
/// what counts as the element follows `tensorboard/util/tensor_util.py`.
struct SummaryTensor {
  private enum Kind: UInt64 {
    case float = 1
    case double = 2
    case int32 = 3
    case uint8 = 4
    case int16 = 5
    case int8 = 6
    case string = 7
    case int64 = 9
    case bfloat16 = 14
    case uint16 = 17
    case half = 19
    case uint32 = 22
    case uint64 = 23
  }

  /// The fields in which numbers are written one by one.
  private static let numberFields = [5, 6, 7, 9, 10, 11, 12, 13, 16, 17]

  private var kind: Kind?
  private var elements = 1
  private var content: UnsafeRawBufferPointer?
  /// The first of the values that are written one by one: the number of its field and its bits.
  private var first: (field: Int, bits: UInt64)?
  private var isAlone = true
  private(set) var text: UnsafeRawBufferPointer?

  init(_ bytes: UnsafeRawBufferPointer) throws(ProtobufError) {
    var fields = ProtobufReader(bytes)
    while let field = try fields.next() {
      switch (field.number, field.value) {
      case (1, .varint(let value)): kind = Kind(rawValue: value)
      case (2, .bytes(let shape)): elements = try Self.elements(ofShape: shape)
      case (4, .bytes(let bytes)): content = bytes
      case (8, .bytes(let bytes)): text = text ?? bytes
      case (let number, .varint(let value)): add(number, value)
      case (let number, .fixed32(let value)): add(number, UInt64(value))
      case (let number, .fixed64(let value)): add(number, value)
      case (let number, .bytes(let packed)): try readPacked(number, packed)
      }
    }
  }

  /// The one number, if the tensor is one of a kind that TensorBoard draws.
  var number: Double? {
    guard let kind, elements == 1 else { return nil }
    if let content, !content.isEmpty { return Self.number(of: kind, in: content) }
    guard let first, isAlone, first.field == Self.field(of: kind) else { return nil }
    return Self.number(of: kind, bits: first.bits)
  }

  private mutating func add(_ field: Int, _ bits: UInt64) {
    guard Self.numberFields.contains(field) else { return }
    if first != nil { isAlone = false } else { first = (field, bits) }
  }

  private mutating func readPacked(
    _ field: Int, _ bytes: UnsafeRawBufferPointer
  ) throws(ProtobufError) {
    guard Self.numberFields.contains(field) else { return }
    var values = ProtobufReader(bytes)
    while !values.isAtEnd, isAlone {
      switch field {
      case 5, 9: add(field, UInt64(try values.fixed32()))
      case 6, 12: add(field, try values.fixed64())
      default: add(field, try values.varint())
      }
    }
  }

  private static func elements(ofShape bytes: UnsafeRawBufferPointer) throws(ProtobufError) -> Int {
    var elements = 1
    var shape = ProtobufReader(bytes)
    while let field = try shape.next() {
      guard field.number == 2, case .bytes(let dimension) = field.value else { continue }
      var size: UInt64 = 0
      var parts = ProtobufReader(dimension)
      while let part = try parts.next() {
        if part.number == 1, case .varint(let value) = part.value { size = value }
      }
      if size != 1 { elements = 0 }
    }
    return elements
  }

  /// The number of the field in which values of a kind are written one by one.
  private static func field(of kind: Kind) -> Int {
    switch kind {
    case .float: 5
    case .double: 6
    case .int32, .uint8, .int16, .int8, .uint16: 7
    case .string: 8
    case .int64: 10
    case .half, .bfloat16: 13
    case .uint32: 16
    case .uint64: 17
    }
  }

  private static func number(of kind: Kind, bits: UInt64) -> Double? {
    switch kind {
    case .float: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .double: Double(bitPattern: bits)
    case .int32: Double(Int32(truncatingIfNeeded: bits))
    case .uint8: Double(UInt8(truncatingIfNeeded: bits))
    case .int16: Double(Int16(truncatingIfNeeded: bits))
    case .int8: Double(Int8(truncatingIfNeeded: bits))
    case .int64: Double(Int64(truncatingIfNeeded: bits))
    case .bfloat16: Double(Float(bitPattern: UInt32(UInt16(truncatingIfNeeded: bits)) << 16))
    case .uint16: Double(UInt16(truncatingIfNeeded: bits))
    case .half: Double(halfBits: UInt16(truncatingIfNeeded: bits))
    case .uint32: Double(UInt32(truncatingIfNeeded: bits))
    case .uint64: Double(bits)
    case .string: nil
    }
  }

  /// The number in `content`, which must be as long as one of its kind is.
  private static func number(of kind: Kind, in content: UnsafeRawBufferPointer) -> Double? {
    let width: Int
    switch kind {
    case .uint8, .int8: width = 1
    case .int16, .uint16, .half, .bfloat16: width = 2
    case .float, .int32, .uint32: width = 4
    case .double, .int64, .uint64: width = 8
    case .string: return nil
    }
    guard content.count == width else { return nil }
    let bits = content.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return number(of: kind, bits: bits)
  }
}

extension Double {
  /// The number whose bits in IEEE 754's half precision are `halfBits`; not all machines have it.
  fileprivate init(halfBits: UInt16) {
    let fraction = Double(halfBits & 0x3FF)
    let magnitude: Double
    switch halfBits >> 10 & 0x1F {
    case 0: magnitude = fraction * 0x1p-24
    case 0x1F: magnitude = fraction == 0 ? .infinity : .nan
    case let exponent:
      magnitude = Double(
        sign: .plus, exponent: Int(exponent) - 25, significand: 1024 + fraction)
    }
    self = halfBits >> 15 == 0 ? magnitude : -magnitude
  }
}
