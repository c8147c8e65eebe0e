package import Foundation

extension URL {
  /// Replaces the file by one with these bytes, or leaves it as it was.
  package func replace(with data: Data) throws(RunFolderError) {
    do {
      try data.write(to: self, options: .atomic)
    } catch {
      throw .notWritten(path, reason: error.localizedDescription)
    }
  }

  /// Makes the folder and those it is in, where they are missing.
  package func makeFolder() throws(RunFolderError) {
    do {
      try FileManager.default.createDirectory(at: self, withIntermediateDirectories: true)
    } catch {
      throw .notWritten(path, reason: error.localizedDescription)
    }
  }
}
