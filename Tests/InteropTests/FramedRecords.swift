import Foundation
import Interop
import Runs
import Testing

/// Event files and `.wandb` files from their records and back, with right checksums.
enum FramedRecords {
  static func eventFile(_ records: [[UInt8]]) -> [UInt8] {
    records.flatMap { record in
      let length = bytes(of: UInt64(record.count))
      return length + bytes(of: masked(length)) + record + bytes(of: masked(record))
    }
  }

  /// The records of an event file that is whole.
  static func records(ofEventFile file: [UInt8]) -> [[UInt8]] {
    var records: [[UInt8]] = []
    var place = 0
    while place < file.count {
      let length = file[place..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      records.append(Array(file[place + 12..<place + 12 + length]))
      place += 16 + length
    }
    return records
  }

  static func wandBFile(_ records: [[UInt8]]) -> [UInt8] {
    var file: [UInt8] = Array(":W&B".utf8) + [0xE1, 0xBE, 0]
    for record in records {
      var rest = record[...]
      var isFirst = true
      repeat {
        var left = 32768 - file.count % 32768
        if left < 7 {
          file += [UInt8](repeating: 0, count: left)
          left = 32768
        }
        let part = rest.prefix(left - 7)
        rest = rest.dropFirst(part.count)
        let kind: UInt8 = rest.isEmpty ? (isFirst ? 1 : 4) : (isFirst ? 2 : 3)
        let sum = ([kind] + part).withUnsafeBytes { CyclicRedundancyCheck.ieee.checksum(of: $0) }
        file += bytes(of: sum) + bytes(of: UInt16(part.count)) + [kind] + part
        isFirst = false
      } while !rest.isEmpty
    }
    return file
  }

  /// The records of a `.wandb` file, without one that is cut at its end.
  static func records(ofWandBFile file: [UInt8]) -> [[UInt8]] {
    var records: [[UInt8]] = []
    var record: [UInt8] = []
    var place = 7
    while place + 7 <= file.count {
      let left = 32768 - place % 32768
      if left < 7 {
        place += left
        continue
      }
      let end = place + 7 + Int(file[place + 4]) + Int(file[place + 5]) << 8
      guard end <= file.count else { break }
      let kind = file[place + 6]
      record = (kind < 3 ? [] : record) + file[place + 7..<end]
      if kind == 1 || kind == 4 { records.append(record) }
      place = end
    }
    return records
  }

  /// Writes a file without waiting for the disk, as `Data` does, thousands of times in a test.
  static func write(_ bytes: [UInt8], to path: String) throws {
    remove(path)
    let file = try #require(fopen(path, "wb"))
    defer { fclose(file) }
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }

  private static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = bytes.withUnsafeBytes { CyclicRedundancyCheck.castagnoli.checksum(of: $0) }
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }

  private static func bytes(of number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}

/// Bytes with damage of a kind that a seed decides.
enum DamagedBytes {
  static func damaged(_ bytes: [UInt8], _ random: inout KeyedRandom) -> [UInt8] {
    guard !bytes.isEmpty else { return bytes }
    var bytes = bytes
    for _ in 0...random.index(below: 3) {
      let place = random.index(below: bytes.count)
      switch random.index(below: 5) {
      case 0: bytes[place] ^= 1 << UInt8(random.index(below: 8))
      case 1: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][random.index(below: 5)]
      case 2: bytes.insert(UInt8(random.index(below: 256)), at: place)
      case 3:
        let end = min(place + 10, bytes.count)
        bytes.replaceSubrange(place..<end, with: [UInt8](repeating: 0xFF, count: end - place))
      default: bytes.removeSubrange(place..<min(place + 1 + random.index(below: 9), bytes.count))
      }
      if bytes.isEmpty { break }
    }
    return bytes
  }

  /// How many damaged inputs a test reads.
  static var count: Int {
    ProcessInfo.processInfo.environment["VERNIER_FUZZ_INPUTS"].flatMap { Int($0) } ?? 2_000
  }
}

extension RunImporter {
  /// What is read of the logs in a folder.
  func logs(in path: String) throws -> [RunLog] {
    try places(among: logFiles(in: path)).flatMap { place in
      let reader = try reader(of: place) { _ in true }
      try reader.advance { _ in }
      return reader.logs
    }
  }

  func logFiles(in path: String) throws -> [LogFile] {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return try names.sorted().compactMap { name -> LogFile? in
      let url = URL(fileURLWithPath: path + "/" + name)
      guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else {
        return nil
      }
      let data = try Data(contentsOf: url)
      return LogFile(path: url.path, bytes: data.count, head: Array(data.prefix(4096)))
    }.filter(recognizes)
  }
}

/// The folder of logs that the real tools wrote.
enum Fixtures {
  static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
      .path
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }
}
