import Foundation
import Interop
import Runs
import Testing

@Suite struct BinaryFormatTests {
  @Test("checksums of the digits are those that the catalogue of checksums gives")
  func checksums() {
    let digits = Array("123456789".utf8)
    digits.withUnsafeBytes { bytes in
      #expect(CyclicRedundancyCheck.ieee.checksum(of: bytes) == 0xCBF4_3926)
      #expect(CyclicRedundancyCheck.castagnoli.checksum(of: bytes) == 0xE306_9283)
    }
  }

  @Test("a checksum goes on behind another", arguments: 0..<40)
  func continued(split: Int) {
    let bytes = (0..<40).map { UInt8(truncatingIfNeeded: $0 * 37) }
    bytes.withUnsafeBytes { bytes in
      let check = CyclicRedundancyCheck.castagnoli
      let head = check.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[..<split]))
      let tail = UnsafeRawBufferPointer(rebasing: bytes[split...])
      #expect(check.checksum(of: tail, after: head) == check.checksum(of: bytes))
    }
  }

  private func firstError(in bytes: [UInt8]) -> ProtobufError? {
    bytes.withUnsafeBytes { bytes in
      var reader = ProtobufReader(bytes)
      do throws(ProtobufError) {
        while try reader.next() != nil {}
        return nil
      } catch {
        return error
      }
    }
  }

  @Test(
    "what is no message is told",
    arguments: [
      ([0x08], ProtobufError.cut), ([0x09, 1, 2, 3], .cut), ([0x0D, 1, 2, 3], .cut),
      ([0x0A, 5, 1], .cut),
      ([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], .cut),
      ([0x00, 1], .noField), ([0x0B], .unknownKind(3)), ([0x0C], .unknownKind(4)),
      ([0x08] + [UInt8](repeating: 0x80, count: 11), .endlessNumber),
    ] as [([UInt8], ProtobufError)])
  func brokenMessages(bytes: [UInt8], error: ProtobufError) {
    #expect(firstError(in: bytes) == error)
  }

  @Test("a number of ten bytes may be negative")
  func negative() throws {
    let bytes: [UInt8] = [0x10] + [UInt8](repeating: 0xFF, count: 9) + [1]
    try bytes.withUnsafeBytes { bytes in
      var reader = ProtobufReader(bytes)
      guard case (2, .varint(let value))? = try reader.next() else {
        Issue.record("no number")
        return
      }
      #expect(Int64(bitPattern: value) == -1)
    }
  }

  private func number(_ text: String) -> Double? {
    Array(text.utf8).withUnsafeBytes { NumberText.number($0) }
  }

  @Test("numbers are read to the last bit, however they are written")
  func numbers() {
    var random = KeyedRandom(seed: 1)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      for text in ["\(value)", String(format: "%.17g", value), String(format: "%.6e", value)] {
        #expect(number(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
      }
    }
    for text in ["0", "-0", "0.1", "123456789012345678901234567890", "1e22", "1e23", "0e999"] {
      #expect(number(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
  }

  @Test("words, half numbers and hexadecimal digits are no numbers")
  func noNumbers() {
    for text in ["", "-", ".", "e5", "1e", "1e+", "0x10", "1 ", " 1", "1,5", "1.2.3"] {
      #expect(number(text) == nil, "\(text)")
    }
  }

  @Test("names have one number each, and there is an end to them")
  func names() {
    var table = NameTable()
    func number(_ name: String) -> Int? {
      Array(name.utf8).withUnsafeBytes { table.number(of: $0) }
    }
    for index in 0..<5_000 { #expect(number("name \(index)") == index) }
    for index in 0..<5_000 { #expect(number("name \(index)") == index) }
    #expect(number("") == 5_000)
    #expect(table.name(77) == "name 77")
    #expect(number(String(repeating: "x", count: 5_000)) == nil)
    for index in 5_000..<200_000 { _ = number("name \(index)") }
    #expect(table.count < 200_000)
    #expect(number("never seen") == nil)
    #expect(number("name 1") == 1)
  }
}
