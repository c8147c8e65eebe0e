import Foundation

/// Finds the files of a corpus.
enum CorpusFolder {
  static func isFolder(_ path: String) throws(CorpusError) -> Bool {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .missing(path)
    }
    return isDirectory.boolValue
  }

  /// The paths in `folder` of its files and those of its folders, in byte order.
  ///
  /// What begins with a dot is left out: programs leave such files behind unasked.
  static func fileNames(in folder: String, limit: Int) throws(CorpusError) -> [String] {
    var names: [String] = []
    var unread = [""]
    while let prefix = unread.popLast() {
      for entry in try entries(of: path(of: prefix, in: folder)) where !entry.hasPrefix(".") {
        let name = prefix.isEmpty ? entry : prefix + "/" + entry
        let path = path(of: name, in: folder)
        switch try kind(of: path) {
        case S_IFDIR: unread.append(name)
        case S_IFREG: names.append(name)
        case S_IFLNK: throw .link(path)
        default: throw .notAFile(path)
        }
        guard names.count <= limit else { throw .tooManyFiles(folder, limit: limit) }
      }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func path(of name: String, in folder: String) -> String {
    if name.isEmpty { return folder }
    return folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  private static func entries(of folder: String) throws(CorpusError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw .unreadable(folder, reason: error.localizedDescription)
    }
  }

  /// The file type bits of what is at `path` itself, not of what it links to.
  private static func kind(of path: String) throws(CorpusError) -> mode_t {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw .unreadable(path, reason: String(cString: strerror(errno)))
    }
    return status.st_mode & S_IFMT
  }
}
