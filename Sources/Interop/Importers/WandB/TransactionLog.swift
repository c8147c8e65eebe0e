/// The records of a `.wandb` file, one after another.
///
/// Behind a header of seven bytes the file is a log of LevelDB in blocks, the header being part of the
/// first; a record lies in one chunk or, over blocks, in several. Unlike in LevelDB the checksums are
/// plain CRC-32 of a chunk's kind and bytes (`wandb/core/pkg/leveldb/record.go`).
struct TransactionLog {
  /// What a file starts with: `:W&B`, a magic number and the version 0.
  static let header: [UInt8] = [0x3A, 0x57, 0x26, 0x42, 0xE1, 0xBE, 0]

  private static let blockBytes = 1 << 15
  private static let chunkHeadBytes = 7
  /// Longer records are none; wandb itself refuses far shorter ones.
  private static let mostBytes = 1 << 26

  private enum Part: UInt8 {
    case whole = 1
    case first = 2
    case middle = 3
    case last = 4
  }

  /// A record that is gathered from chunks; kept for its memory.
  private var gathered: [UInt8] = []

  /// Hands the next record to `read`, and passes over it if that does not throw.
  ///
  /// - Returns: `false` where no whole record is written yet.
  mutating func withNext(
    in stream: FileStream, _ read: (UnsafeRawBufferPointer) throws(ImportError) -> Void
  ) throws(ImportError) -> Bool {
    if stream.offset == 0 {
      guard try Self.passHeader(of: stream) else { return false }
    }
    gathered.removeAll(keepingCapacity: true)
    var isWithin = false
    var place = 0
    while true {
      let left = Self.blockBytes - (stream.offset + place) % Self.blockBytes
      if left < Self.chunkHeadBytes { place += left }
      guard let chunk = try Self.chunk(at: place, of: stream) else { return false }
      let end = place + Self.chunkHeadBytes + chunk.bytes.count
      guard isWithin == (chunk.part == .middle || chunk.part == .last) else {
        throw Self.damage(stream, place, "a part of a record whose other parts are not there")
      }
      switch chunk.part {
      case .whole:
        try read(chunk.bytes)
      case .first, .middle:
        gathered.append(contentsOf: chunk.bytes)
        isWithin = true
        place = end
        guard place <= Self.mostBytes else {
          throw .tooLarge(stream.path, what: "a record in bytes", limit: Self.mostBytes)
        }
        continue
      case .last:
        gathered.append(contentsOf: chunk.bytes)
        let whole = gathered
        let result = whole.withUnsafeBytes { bytes in
          Result { () throws(ImportError) in try read(bytes) }
        }
        try result.get()
      }
      stream.consume(end)
      return true
    }
  }

  private static func passHeader(of stream: FileStream) throws(ImportError) -> Bool {
    let isThere = try stream.fill(header.count)
    let found = stream.unread.prefix(header.count)
    guard found.elementsEqual(header.prefix(found.count)) else {
      throw damage(stream, 0, "the file does not start as a .wandb file of version 0 does")
    }
    if isThere { stream.consume(header.count) }
    return isThere
  }

  /// The chunk that begins `place` bytes behind what is consumed; `nil` if it is not all written.
  private static func chunk(
    at place: Int, of stream: FileStream
  ) throws(ImportError) -> (part: Part, bytes: UnsafeRawBufferPointer)? {
    let start = place + chunkHeadBytes
    guard try stream.fill(start) else { return nil }
    let sum = UInt32(
      littleEndian: stream.unread.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    let length = Int(
      UInt16(littleEndian: stream.unread.loadUnaligned(fromByteOffset: place + 4, as: UInt16.self)))
    let kind = stream.unread[place + 6]
    let left = blockBytes - (stream.offset + place) % blockBytes
    if sum == 0, length == 0, kind == 0, stream.length <= stream.offset + place + left {
      // Some file systems show a file longer before they show what is in it.
      return nil
    }
    guard let part = Part(rawValue: kind), chunkHeadBytes + length <= left else {
      throw damage(stream, place, "no chunk of a record begins here")
    }
    guard try stream.fill(start + length) else { return nil }
    let kindAndBytes = UnsafeRawBufferPointer(
      rebasing: stream.unread[start - 1..<start + length])
    guard CyclicRedundancyCheck.ieee.checksum(of: kindAndBytes) == sum else {
      throw damage(stream, place, "a chunk of a record does not match its checksum")
    }
    return (part, UnsafeRawBufferPointer(rebasing: kindAndBytes.dropFirst()))
  }

  static func damage(_ stream: FileStream, _ place: Int, _ reason: String) -> ImportError {
    .damaged(LogDamage(file: stream.path, offset: stream.offset + place, reason: reason))
  }
}
