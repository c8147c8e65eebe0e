import Foundation

/// The bytes of a plain file that may still grow, in chunks.
///
/// What is not consumed stays, so that a record that is cut at the end of what is written can be
/// read whole once more of it is there.
package final class FileStream {
  private static let chunkBytes = 1 << 18
  private static let lineFeed = UInt8(ascii: "\n")
  private static let closed: Int32 = -1

  package let path: String
  /// The place in the file of the first byte of `unread`.
  package private(set) var offset = 0

  private var descriptor = closed
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  /// How much of what is unread is known to hold no line's end.
  private var searched = 0

  /// - Parameters:
  ///   - path: Of the file.
  ///   - start: How many of its bytes are passed over.
  /// - Throws: `.noFile`, `.notAFile` for folders, pipes and devices, or `.unreadable`.
  package init(_ path: String, from start: Int = 0) throws(ImportError) {
    self.path = path
    offset = start
    buffer = .allocate(byteCount: 0, alignment: 16)
    try open()
  }

  private func open() throws(ImportError) {
    // A pipe that nobody writes to would hold a blocking open for ever.
    // What is found beside logs may be a link that leads anywhere.
    descriptor = Foundation.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      throw errno == ENOENT
        ? .noFile(path) : .unreadable(path, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .notAFile(path)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    buffer.deallocate()
  }

  /// Lets go of the file and of what is unread, until more is asked for.
  ///
  /// Of logs that are followed there may be more than a process may have open.
  package func suspend() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = Self.closed
    buffer.deallocate()
    buffer = .allocate(byteCount: 0, alignment: 16)
    (start, end, searched) = (0, 0, 0)
  }

  /// How long the file is now, in bytes.
  package var length: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// What has been read and not consumed; valid until the next `fill`.
  package var unread: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: buffer[start..<end])
  }

  /// Reads on until at least `count` bytes are unread.
  ///
  /// - Returns: `false` when the file does not have as many yet.
  package func fill(_ count: Int) throws(ImportError) -> Bool {
    while end - start < count {
      guard try readChunk(makingRoomFor: count) else { return false }
    }
    return true
  }

  /// Reads another chunk behind what is unread.
  ///
  /// - Returns: `false` at the end of what is written.
  package func fillMore() throws(ImportError) -> Bool {
    try readChunk(makingRoomFor: end - start + Self.chunkBytes)
  }

  /// Passes over the first `count` bytes of `unread`.
  package func consume(_ count: Int) {
    start += count
    offset += count
    searched = max(0, searched - count)
  }

  /// The place in `unread` of the first end of a line.
  package func lineEnd() -> Int? {
    let found = unread.place(of: Self.lineFeed, from: searched)
    searched = found ?? end - start
    return found
  }

  /// Reads on until a line is whole.
  ///
  /// - Parameter mostBytes: A longer line is an error.
  /// - Returns: The place in `unread` of its end; `nil` when the file does not have it yet.
  /// - Throws: `.tooLarge`, or that the file cannot be read.
  package func lineEnd(within mostBytes: Int) throws(ImportError) -> Int? {
    while true {
      if let found = lineEnd() { return found }
      guard searched <= mostBytes else {
        throw .tooLarge(path, what: "a line in bytes", limit: mostBytes)
      }
      guard try fillMore() else { return nil }
    }
  }

  private func readChunk(makingRoomFor count: Int) throws(ImportError) -> Bool {
    if descriptor < 0 { try open() }
    if buffer.count - end < Self.chunkBytes {
      let held = end - start
      if start > 0, let base = buffer.baseAddress {
        memmove(base, base + start, held)
        (start, end) = (0, held)
      }
      if buffer.count < max(count, held + Self.chunkBytes) {
        let wider = UnsafeMutableRawBufferPointer.allocate(
          byteCount: max(2 * buffer.count, count + Self.chunkBytes), alignment: 16)
        wider.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
        buffer.deallocate()
        buffer = wider
        (start, end) = (0, held)
      }
    }
    while true {
      let got = pread(
        descriptor, UnsafeMutableRawBufferPointer(rebasing: buffer[end...]).baseAddress,
        min(Self.chunkBytes, buffer.count - end), off_t(offset + end - start))
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else {
        throw .unreadable(path, reason: String(cString: strerror(errno)))
      }
      end += got
      return got > 0
    }
  }
}
