import Foundation
import Runs

/// The bytes of one text file, mapped into memory for reading.
///
/// The mapping holds the file's size when it was opened. A file that another program shortens in
/// place ends a process that then reads beyond its new end (SIGBUS), which cannot be caught here:
/// what lasts long asks `requireUnchanged` from time to time. A file that is replaced or removed does
/// no harm.
final class ByteFile: Sendable {
  let path: String
  /// Safe to share: nothing writes to the mapping, and it lasts as long as its owner, this object.
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  private let state: State

  /// - Parameters:
  ///   - path: Where the file is; a folder is no file.
  ///   - followsLink: Whether `path` itself may be a symbolic link.
  /// - Throws: When there is no such file, or it is no text; an empty file is let pass.
  init(path: String, followsLink: Bool) throws(CorpusError) {
    self.path = path
    // Without O_NONBLOCK a pipe that nobody writes to would hold us here.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLink ? 0 : O_NOFOLLOW)
    let descriptor = open(path, flags)
    guard descriptor >= 0 else { throw Self.error(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.error(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path) }
    state = State(status)
    guard state.size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let mapping = mmap(nil, state.size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let mapping, mapping != MAP_FAILED else { throw Self.error(path, errno) }
    bytes = UnsafeRawBufferPointer(start: mapping, count: state.size)
    if let byte = bytes.prefix(Self.probedBytes).firstIndex(of: 0) {
      throw .binary(path, byte: byte)
    }
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }

  /// Archives, images and token files have a NUL byte long before this; text has none.
  private static let probedBytes = 65_536

  /// Throws if the file at the path is no longer the one that was opened, as it was then.
  func requireUnchanged() throws(CorpusError) {
    var status = stat()
    guard stat(path, &status) == 0, State(status) == state else { throw .changed(path) }
  }

  func isSameFile(as other: ByteFile) -> Bool {
    state.device == other.state.device && state.inode == other.state.inode
  }

  func hasSameContent(as other: ByteFile) -> Bool {
    guard bytes.count == other.bytes.count else { return false }
    guard let own = bytes.baseAddress, let others = other.bytes.baseAddress else { return true }
    return memcmp(own, others, bytes.count) == 0
  }

  /// The digest of what is mapped.
  var digest: Digest {
    var builder = Digest.Builder()
    builder.append(bytes)
    return builder.digest
  }

  private static func error(_ path: String, _ code: Int32) -> CorpusError {
    switch code {
    case ENOENT, ENOTDIR: .missing(path)
    case ELOOP: .link(path)
    case ENXIO: .notAFile(path)
    default: .unreadable(path, reason: String(cString: strerror(code)))
    }
  }

  /// What tells one file from another and from its later self.
  private struct State: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    init(_ status: stat) {
      device = UInt64(truncatingIfNeeded: status.st_dev)
      inode = UInt64(status.st_ino)
      size = Int(status.st_size)
      #if canImport(Darwin)
        (seconds, nanoseconds) = (status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec)
      #else
        (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
      #endif
    }
  }
}
