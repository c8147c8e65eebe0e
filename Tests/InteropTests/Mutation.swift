import Foundation
import Runs

/// Damaged inputs for parsers.
enum Mutation {
  /// How many damaged inputs a test tries.
  static let inputs =
    ProcessInfo.processInfo.environment["VERNIER_FUZZ_INPUTS"].flatMap { Int($0) } ?? 2000

  /// `bytes` with some flipped, cut, doubled or replaced, or with some of `words` put in.
  static func mutated(
    _ bytes: [UInt8], _ words: [[UInt8]], _ random: inout KeyedRandom
  ) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.index(below: 4) {
      guard !bytes.isEmpty else { break }
      let place = random.index(below: bytes.count)
      let end = min(bytes.count, place + 1 + random.index(below: 40))
      switch random.index(below: 7) {
      case 0: bytes[place] ^= 1 << UInt8(random.index(below: 8))
      case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next())
      case 2: bytes.removeSubrange(place...)
      case 3: bytes.removeSubrange(place..<end)
      case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 5:
        let extreme: UInt8 = random.index(below: 2) == 0 ? 0xFF : 0
        for index in place..<min(bytes.count, place + 8) { bytes[index] = extreme }
      default: bytes.insert(contentsOf: words[random.index(below: words.count)], at: place)
      }
    }
    return bytes
  }

  /// `bytes` with some of the numbers that are written in them replaced by ones of ill repute.
  ///
  /// One that takes more bytes than the number has is not put in where `keepsLength` is set, and one
  /// that takes fewer gets blanks behind it.
  static func withOtherNumbers(
    in bytes: [UInt8], keepsLength: Bool = false, _ random: inout KeyedRandom
  ) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.index(below: 6) {
      guard !bytes.isEmpty else { break }
      let place = random.index(below: bytes.count)
      guard let start = bytes[place...].firstIndex(where: isDigit) else { continue }
      let end = bytes[start...].firstIndex { !isDigit($0) && $0 != 46 } ?? bytes.count
      var number = Array(numbers[random.index(below: numbers.count)].utf8)
      if keepsLength {
        guard number.count <= end - start else { continue }
        number += [UInt8](repeating: 32, count: end - start - number.count)
      }
      bytes.replaceSubrange(start..<end, with: number)
    }
    return bytes
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static let numbers = [
    "0", "-1", "1", "nan", "inf", "-inf", "1e9", "-1e9", "1e30", "1e99", "-9e99", "1e308", "1e-320",
    "1e999", "9007199254740993", "4611686018427387904", "9223372036854775807",
    "-9223372036854775808", "18446744073709551616", "0.5", "", "true", "null", "\"x\"", "7B",
  ]

  /// Writes a file over what it held: to make it anew waits for the disk.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
    defer { close(descriptor) }
    guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count,
      ftruncate(descriptor, off_t(bytes.count)) == 0
    else { throw CocoaError(.fileWriteUnknown) }
  }
}
