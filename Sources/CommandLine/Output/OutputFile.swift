import Foundation
import Runs

/// A file that is written whole or not at all.
///
/// A link is followed, and what is no plain file, such as a terminal or a pipe, is written straight to.
struct OutputFile {
  let path: String
  /// The option and its value, as messages name the file.
  private let name: String
  private let url: URL
  private let isSpecial: Bool

  /// - Parameters:
  ///   - path: Where the output goes.
  ///   - inputs: Files that must not be written over, and folders that must not be written in.
  ///   - option: The option that names the file.
  /// - Throws: When the place cannot take a file, so that no work is done in vain.
  init(_ path: String, sparing inputs: [String] = [], option: String = "--output") throws {
    self.path = path
    guard !path.isEmpty else { throw OutputError.empty(option) }
    name = "\(option) \(path)"
    url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    for input in inputs {
      let input = URL(fileURLWithPath: input).resolvingSymlinksInPath().path
      guard url.path != input, !url.path.hasPrefix(input + "/") else {
        throw OutputError.isInput(name)
      }
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
    let type = attributes?[.type] as? FileAttributeType
    guard type != .typeDirectory else { throw OutputError.isFolder(name) }
    isSpecial = type != nil && type != .typeRegular
    if !isSpecial { try Self.probe(url.deletingLastPathComponent(), for: name) }
  }

  func write(_ data: Data) throws {
    do {
      if isSpecial {
        try FileHandle(forWritingTo: url).write(contentsOf: data)
      } else {
        try data.write(to: url, options: .atomic)
      }
    } catch {
      throw OutputError.failed(name, reason: error.localizedDescription)
    }
  }

  /// Writes the pieces that `produce` hands on; a file is replaced once all have come.
  func write(_ produce: (_ put: (Data) throws -> Void) throws -> Void) throws {
    if isSpecial {
      try FileHandle(forWritingTo: url).write(as: name, produce)
    } else {
      do {
        let file = try ReplacementFile(url)
        try produce { try file.write($0) }
        try file.finish()
      } catch RunFolderError.notWritten(_, let reason) {
        throw OutputError.failed(name, reason: reason)
      }
    }
  }

  /// Makes and removes a file: permission bits do not tell of read-only or full disks.
  private static func probe(_ folder: URL, for name: String) throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isDirectory),
      isDirectory.boolValue
    else { throw OutputError.noFolder(name, folder: folder.path) }
    let file = folder.appending(path: ".vernier-\(UUID().uuidString)")
    guard FileManager.default.createFile(atPath: file.path, contents: Data([0])) else {
      throw OutputError.notWritable(name, folder: folder.path)
    }
    try FileManager.default.removeItem(at: file)
  }
}

extension FileHandle {
  /// Writes the pieces that `produce` hands on.
  ///
  /// - Throws: `.failed` with `name`, besides what `produce` throws.
  func write(
    as name: String, _ produce: (_ put: (Data) throws -> Void) throws -> Void
  ) throws {
    try produce { data in
      do {
        try write(contentsOf: data)
      } catch {
        throw OutputError.failed(name, reason: error.localizedDescription)
      }
    }
  }
}

enum OutputError: Error, CustomStringConvertible {
  case empty(String)
  case isInput(String)
  case isFolder(String)
  case noFolder(String, folder: String)
  case notWritable(String, folder: String)
  case failed(String, reason: String)

  var description: String {
    switch self {
    case .empty(let option): "\(option) is empty; give a file name"
    case .isInput(let name):
      "\(name) is the input itself, or a part of it; choose another file"
    case .isFolder(let name): "\(name) is a folder; give a file name in it"
    case .noFolder(let name, let folder):
      "\(name): there is no folder \(folder); make it or choose another"
    case .notWritable(let name, let folder):
      "\(name): no file can be written in \(folder); check its permissions and free space"
    case .failed(let name, let reason): "\(name) was not written: \(reason)"
    }
  }
}
