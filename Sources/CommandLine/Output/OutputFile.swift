import Foundation

/// A file that is written whole or not at all.
///
/// A link is followed, and what is no plain file, such as a terminal or a pipe, is written straight to.
struct OutputFile {
  let path: String
  private let url: URL
  private let isSpecial: Bool

  /// - Parameters:
  ///   - path: Where the output goes.
  ///   - inputs: Files that must not be written over, and folders that must not be written in.
  /// - Throws: When the place cannot take a file, so that no work is done in vain.
  init(_ path: String, sparing inputs: [String] = []) throws {
    self.path = path
    guard !path.isEmpty else { throw OutputError.empty }
    url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    for input in inputs {
      let input = URL(fileURLWithPath: input).resolvingSymlinksInPath().path
      guard url.path != input, !url.path.hasPrefix(input + "/") else {
        throw OutputError.isInput(path)
      }
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
    let type = attributes?[.type] as? FileAttributeType
    guard type != .typeDirectory else { throw OutputError.isFolder(path) }
    isSpecial = type != nil && type != .typeRegular
    if !isSpecial { try Self.probe(url.deletingLastPathComponent(), for: path) }
  }

  func write(_ data: Data) throws {
    do {
      if isSpecial {
        try FileHandle(forWritingTo: url).write(contentsOf: data)
      } else {
        try data.write(to: url, options: .atomic)
      }
    } catch {
      throw OutputError.failed(path, reason: error.localizedDescription)
    }
  }

  /// Makes and removes a file: permission bits do not tell of read-only or full disks.
  private static func probe(_ folder: URL, for path: String) throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isDirectory),
      isDirectory.boolValue
    else { throw OutputError.noFolder(path, folder: folder.path) }
    let file = folder.appending(path: ".vernier-\(UUID().uuidString)")
    guard FileManager.default.createFile(atPath: file.path, contents: Data([0])) else {
      throw OutputError.notWritable(path, folder: folder.path)
    }
    try FileManager.default.removeItem(at: file)
  }
}

enum OutputError: Error, CustomStringConvertible {
  case empty
  case isInput(String)
  case isFolder(String)
  case noFolder(String, folder: String)
  case notWritable(String, folder: String)
  case failed(String, reason: String)

  var description: String {
    switch self {
    case .empty: "--output is empty; give a file name"
    case .isInput(let path):
      "--output \(path) is the input itself, or a part of it; choose another file"
    case .isFolder(let path): "--output \(path) is a folder; give a file name in it"
    case .noFolder(let path, let folder):
      "--output \(path): there is no folder \(folder); make it or choose another"
    case .notWritable(let path, let folder):
      "--output \(path): no file can be written in \(folder); check its permissions and free space"
    case .failed(let path, let reason): "--output \(path) was not written: \(reason)"
    }
  }
}
