/// Walks through the fields of one message in the wire format of protocol buffers.
///
/// A message inside it is a field of bytes, which its reader may walk through in the same way: how
/// deep that goes is up to who reads. Groups, long out of use, are refused.
package struct ProtobufReader {
  /// What a field holds, by the kind that the wire tells.
  package enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(UnsafeRawBufferPointer)
  }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  /// - Parameter bytes: The message, which must stay while it is read.
  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  package var isAtEnd: Bool { position == bytes.count }

  /// The next field, or `nil` at the end of the message.
  package mutating func next() throws(ProtobufError) -> (number: Int, value: Value)? {
    guard position < bytes.count else { return nil }
    let tag = try varint()
    guard tag >> 3 > 0, tag <= UInt64(UInt32.max) else { throw .noField }
    let number = Int(tag >> 3)
    switch tag & 7 {
    case 0: return (number, .varint(try varint()))
    case 1: return (number, .fixed64(try fixed64()))
    case 2: return (number, .bytes(try lengthDelimited()))
    case 5: return (number, .fixed32(try fixed32()))
    default: throw .unknownKind(Int(tag & 7))
    }
  }

  /// Reads a number of one to ten bytes, seven bits in each; bits beyond 64 are dropped.
  package mutating func varint() throws(ProtobufError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
      guard shift < 70 else { throw .endlessNumber }
    }
    throw .cut
  }

  package mutating func fixed32() throws(ProtobufError) -> UInt32 {
    guard bytes.count - position >= 4 else { throw .cut }
    defer { position += 4 }
    return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
  }

  package mutating func fixed64() throws(ProtobufError) -> UInt64 {
    guard bytes.count - position >= 8 else { throw .cut }
    defer { position += 8 }
    return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
  }

  private mutating func lengthDelimited() throws(ProtobufError) -> UnsafeRawBufferPointer {
    guard let length = Int(exactly: try varint()), length <= bytes.count - position else {
      throw .cut
    }
    defer { position += length }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + length])
  }
}

/// Why bytes are no message.
package enum ProtobufError: Error, Hashable, CustomStringConvertible {
  /// A number or length runs beyond the end.
  case cut
  case endlessNumber
  case noField
  case unknownKind(Int)

  package var description: String {
    switch self {
    case .cut: "a field runs beyond the end of its message"
    case .endlessNumber: "a number has more than ten bytes"
    case .noField: "a field has a number that no field has"
    case .unknownKind(let kind): "a field is of kind \(kind), which is not in use"
    }
  }
}
