import Foundation
import Testing

/// Whole files of a few bytes.
enum FileBytes {
  static func read(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Writes a file over without waiting for the disk, as `Data.write` does each time.
  static func write(_ bytes: [UInt8], to path: String) throws {
    unlink(path)
    let file = try #require(fopen(path, "w"), "\(path) cannot be written")
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    #expect(fclose(file) == 0)
  }
}
