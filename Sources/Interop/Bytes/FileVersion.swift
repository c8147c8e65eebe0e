import Foundation

/// Tells whether a file was written since.
struct FileVersion: Equatable {
  let bytes: Int
  private let inode: Int
  private let seconds: Int
  private let nanoseconds: Int

  /// Whether the file was not merely written on since `earlier`: it is another, or cut.
  func isAnew(since earlier: FileVersion) -> Bool {
    inode != earlier.inode || bytes < earlier.bytes
  }

  /// `nil` when there is no such file.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    bytes = Int(status.st_size)
    inode = Int(truncatingIfNeeded: status.st_ino)
    #if canImport(Darwin)
      (seconds, nanoseconds) = (status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec)
    #else
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    #endif
  }
}
