package import Foundation

/// Keeps a folder to one process for as long as it lives; the system frees it when the process ends.
package final class FolderLock: Sendable {
  package static let fileName = ".lock"

  private let descriptor: Int32

  /// - Throws: `.inUse` when another process has the folder.
  package init(_ folder: URL) throws(RunFolderError) {
    let path = folder.appending(path: Self.fileName).path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .notWritten(path, reason: String(cString: strerror(errno)))
    }
    // From here on a throw runs `deinit`, which closes.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      if errno == EWOULDBLOCK { throw .inUse(folder.path) }
      throw .notWritten(path, reason: "it cannot be locked, \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }
}
