package import Foundation

/// A file that is written piece by piece and then takes the place of another, or leaves it as it was.
package final class ReplacementFile {
  private let url: URL
  /// What is written until it is whole, beside its place so that it can move there at once.
  private let part: URL
  private let handle: FileHandle
  private var isWhole = false

  /// - Parameters:
  ///   - url: What is replaced, or made.
  ///   - name: Of the file until it is whole; by default one that no other process uses.
  /// - Throws: `.notWritten` when no file can be made there.
  package init(
    _ url: URL, by name: String = ".vernier-\(UUID().uuidString)"
  ) throws(RunFolderError) {
    self.url = url
    part = url.deletingLastPathComponent().appending(path: name)
    let isMade = FileManager.default.createFile(atPath: part.path, contents: nil)
    guard isMade, let handle = FileHandle(forWritingAtPath: part.path) else {
      throw .notWritten(url.path, reason: String(cString: strerror(errno)))
    }
    self.handle = handle
  }

  deinit {
    if !isWhole { try? FileManager.default.removeItem(at: part) }
  }

  package func write(_ bytes: some DataProtocol) throws(RunFolderError) {
    do {
      try handle.write(contentsOf: bytes)
    } catch {
      throw .notWritten(url.path, reason: error.localizedDescription)
    }
  }

  /// Puts what was written in its place.
  package func finish() throws(RunFolderError) {
    do {
      try handle.close()
    } catch {
      throw .notWritten(url.path, reason: error.localizedDescription)
    }
    var old = stat()
    if stat(url.path, &old) == 0 { chmod(part.path, old.st_mode & 0o7777) }
    guard rename(part.path, url.path) == 0 else {
      throw .notWritten(url.path, reason: String(cString: strerror(errno)))
    }
    isWhole = true
  }
}
