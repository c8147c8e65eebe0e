import Foundation
import Runs

/// A file open for reading at any place of it.
final class OpenedFile: Sendable {
  let path: String
  /// The file's size when it was opened.
  let bytes: Int
  private let descriptor: Int32

  init(path: String) throws {
    self.path = path
    // Without O_NONBLOCK a pipe that nobody writes to would hold us here.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      bytes = 0
      throw FileError.reading(path, errno)
    }
    var status = stat()
    let failed = fstat(descriptor, &status) != 0
    bytes = Int(status.st_size)
    if failed { throw FileError.reading(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError.notAFile(path) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Fills `buffer` with the bytes from `offset` on.
  func read(from offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileError.reading(path, errno) }
      guard count > 0 else { throw FileError.shortened(path, bytes: offset + filled) }
      filled += count
    }
  }

  /// The bytes at `range`.
  func read(_ range: Range<Int>) throws -> [UInt8] {
    var content = [UInt8](repeating: 0, count: range.count)
    try content.withUnsafeMutableBytes { bytes in
      try read(from: range.lowerBound, into: bytes)
    }
    return content
  }

  /// The digest of the whole file, read piece by piece.
  func digest() throws -> Digest {
    var builder = Digest.Builder()
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    for offset in stride(from: 0, to: bytes, by: piece.count) {
      let count = min(piece.count, bytes - offset)
      try piece.withUnsafeMutableBytes { memory in
        let filled = UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
        try read(from: offset, into: filled)
        builder.append(UnsafeRawBufferPointer(filled))
      }
    }
    return builder.digest
  }
}
