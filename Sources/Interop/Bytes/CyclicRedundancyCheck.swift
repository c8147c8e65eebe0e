/// A checksum of 32 bits over bytes, eight bytes at a step.
///
/// The method is "slicing by 8": Kounavis and Berry 2008, "Novel table lookup-based algorithms for
/// high-performance CRC generation". All bits are reflected, and start and end are inverted.
package struct CyclicRedundancyCheck: Sendable {
  /// That of Ethernet and gzip (IEEE 802.3).
  package static let ieee = CyclicRedundancyCheck(polynomial: 0xEDB8_8320)
  /// That of iSCSI, CRC-32C, by Castagnoli, Bräuer and Herrmann 1993.
  package static let castagnoli = CyclicRedundancyCheck(polynomial: 0x82F6_3B78)

  /// Eight tables of 256: the table `t` has the effect of a byte that `t` more bytes follow.
  private let tables: [UInt32]

  /// - Parameter polynomial: Its coefficients, that of the highest power in the lowest bit.
  private init(polynomial: UInt32) {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1 }
      tables[byte] = value
    }
    for index in 256..<tables.count {
      let before = tables[index - 256]
      tables[index] = before >> 8 ^ tables[Int(before & 0xFF)]
    }
    self.tables = tables
  }

  /// The checksum of `bytes`, behind others whose checksum is `before`.
  package func checksum(of bytes: UnsafeRawBufferPointer, after before: UInt32 = 0) -> UInt32 {
    tables.withUnsafeBufferPointer { table in
      var state = ~before
      var place = 0
      while bytes.count - place >= 8 {
        let low = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        let high = bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
        let first = UInt32(littleEndian: low) ^ state
        let second = UInt32(littleEndian: high)
        state =
          Self.effect(of: first, in: table, from: 7) ^ Self.effect(of: second, in: table, from: 3)
        place += 8
      }
      while place < bytes.count {
        state = state >> 8 ^ table[Int((state ^ UInt32(bytes[place])) & 0xFF)]
        place += 1
      }
      return ~state
    }
  }

  /// What four bytes do to the checksum, the first of them by way of the table `first`.
  @inline(__always)
  private static func effect(
    of word: UInt32, in table: UnsafeBufferPointer<UInt32>, from first: Int
  ) -> UInt32 {
    table[first << 8 | Int(word & 0xFF)] ^ table[(first - 1) << 8 | Int(word >> 8 & 0xFF)]
      ^ table[(first - 2) << 8 | Int(word >> 16 & 0xFF)] ^ table[(first - 3) << 8 | Int(word >> 24)]
  }
}
