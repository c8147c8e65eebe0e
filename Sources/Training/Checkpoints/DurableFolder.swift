import Foundation

/// Changes to folders that outlast a crash of the machine.
enum DurableFolder {
  /// Makes the folder, unless it is there.
  static func make(_ path: String) throws {
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw FileError.writing(path, errno) }
    // Also when it was there: who made it may have been killed before this.
    try synchronize((path as NSString).deletingLastPathComponent)
  }

  /// Gives a file or folder another name, on the disk when this returns.
  static func move(_ name: String, to newName: String, in folder: String) throws {
    guard rename(folder + "/" + name, folder + "/" + newName) == 0 else {
      throw FileError.writing(folder + "/" + newName, errno)
    }
    try synchronize(folder)
  }

  /// Puts the names of what is in the folder on the disk.
  static func synchronize(_ path: String) throws {
    let path = path.isEmpty ? "." : path
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError.writing(path, errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError.writing(path, errno) }
  }

  static func remove(_ path: String) throws {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw FileError.notWritten(path, reason: error.localizedDescription)
    }
  }

  /// The names of what is in the folder; none if there is no folder.
  static func names(in path: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw FileError.unreadable(path, reason: error.localizedDescription)
    }
  }
}
