/// The records of an event file of TensorBoard, one after another.
///
/// A record is its length in eight bytes, a checksum of those, its bytes, and a checksum of them
/// (`tensorboard/summary/writer/record_writer.py`).
struct EventRecords {
  /// Events with the graph of a large model come near a tenth of this.
  private static let mostBytes = 1 << 28
  private static let headBytes = 12
  private static let checksumBytes = 4

  let stream: FileStream

  /// Where the record that `withNext` reads next begins.
  var offset: Int { stream.offset }

  /// Hands the next record to `read`, and passes over it if that does not throw.
  ///
  /// - Returns: `false` where no whole record is written yet.
  func withNext(
    _ read: (UnsafeRawBufferPointer) throws(ImportError) -> Void
  ) throws(ImportError) -> Bool {
    guard try stream.fill(Self.headBytes) else { return false }
    let head = stream.unread
    let written = UInt64(littleEndian: head.loadUnaligned(as: UInt64.self))
    let sum = UInt32(littleEndian: head.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    guard Self.masked(UnsafeRawBufferPointer(rebasing: head[..<8])) == sum else {
      throw damage("the length of a record does not match its checksum")
    }
    guard let length = Int(exactly: written), length <= Self.mostBytes else {
      throw damage("a record of \(written) bytes, more than any event has")
    }
    let whole = Self.headBytes + length + Self.checksumBytes
    // What a length claims is set aside only where the file is that long.
    if stream.unread.count < whole, stream.length - offset < whole { return false }
    guard try stream.fill(whole) else { return false }
    let bytes = stream.unread
    let event = UnsafeRawBufferPointer(rebasing: bytes[Self.headBytes..<Self.headBytes + length])
    let found = bytes.loadUnaligned(fromByteOffset: Self.headBytes + length, as: UInt32.self)
    guard Self.masked(event) == UInt32(littleEndian: found) else {
      throw damage("a record does not match its checksum")
    }
    try read(event)
    stream.consume(whole)
    return true
  }

  func damage(_ reason: String) -> ImportError {
    .damaged(LogDamage(file: stream.path, offset: offset, reason: reason))
  }

  /// The checksum as it is stored, so that one of bytes that hold checksums is no trivial one.
  private static func masked(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let sum = CyclicRedundancyCheck.castagnoli.checksum(of: bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
