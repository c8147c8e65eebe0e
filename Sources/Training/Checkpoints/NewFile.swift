import Foundation
import Runs

/// A file that is written from its first byte to its last, and digested on the way.
struct NewFile: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var builder = Digest.Builder()
  private var bytes = 0

  /// - Throws: When the file cannot be made, or is there already.
  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError.writing(path, errno) }
  }

  deinit { close(descriptor) }

  /// A piece is digested while it is in the processor's cache for the copy.
  private static let pieceBytes = 1 << 20

  mutating func write(_ content: UnsafeRawBufferPointer) throws {
    var rest = content[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.pieceBytes))
      builder.append(piece)
      try writeOut(piece)
      rest = rest.dropFirst(piece.count)
    }
    bytes += content.count
  }

  mutating func write(_ content: [UInt8]) throws {
    try content.withUnsafeBytes { try write($0) }
  }

  /// Puts all that was written on the disk.
  ///
  /// - Returns: What the file now is.
  /// - Throws: When the disk could not take it.
  consuming func finish() throws -> FileSeal {
    guard fsync(descriptor) == 0 else { throw FileError.writing(path, errno) }
    return FileSeal(bytes: bytes, digest: builder.digest)
  }

  private func writeOut(_ piece: UnsafeRawBufferPointer) throws {
    var rest = piece[...]
    while !rest.isEmpty {
      let unwritten = UnsafeRawBufferPointer(rebasing: rest)
      let count = Foundation.write(descriptor, unwritten.baseAddress, unwritten.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError.writing(path, errno) }
      rest = rest.dropFirst(count)
    }
  }
}
