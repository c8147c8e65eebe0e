import Foundation

/// A file that holds what belongs to a key, which is its path below a folder.
struct KeyedFile {
  private static let mostFiles = 20_000
  private static let mostEntries = 100_000
  private static let depth = 16

  var key: String
  var path: String

  /// The plain files in a folder and in folders in it, by key; no link is followed.
  static func files(in folder: String) -> [KeyedFile] {
    var files: [KeyedFile] = []
    collect(folder, "", depth, &files)
    return files.sorted { $0.key < $1.key }
  }

  private static func collect(
    _ folder: String, _ prefix: String, _ depth: Int, _ files: inout [KeyedFile]
  ) {
    guard depth > 0, mode(folder) == S_IFDIR else { return }
    for name in names(in: folder) {
      guard files.count < mostFiles else { return }
      let path = folder + "/" + name
      switch mode(path) {
      case S_IFDIR: collect(path, prefix + name + "/", depth - 1, &files)
      case S_IFREG: files.append(KeyedFile(key: prefix + name, path: path))
      default: continue
      }
    }
  }

  private static func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
  }

  private static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while names.count < mostEntries, let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let name, name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// What stands in the file; `nil` for what is no text, or more than `most` bytes.
  func text(most: Int) -> String? {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= most
    else { return nil }
    let size = Int(status.st_size)
    var bytes = [UInt8](repeating: 0, count: size)
    var got = 0
    while got < size {
      let count = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + got }, size - got, off_t(got))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      got += count
    }
    return String(validating: bytes.prefix(got), as: UTF8.self)
  }
}
