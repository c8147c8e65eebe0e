import Foundation

/// The folder of a quickstart.
///
/// Its `result.json` is written last and says that the rest is whole.
struct QuickstartFolder {
  let path: String

  /// Takes a folder that is new, empty, or an earlier quickstart's, finished or not.
  ///
  /// - Throws: When `folder` holds something else, or cannot be made.
  init(_ folder: String) throws {
    path = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let names: [String]
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw QuickstartError.cannotMake(folder)
    }
    if !names.contains(Self.marker) {
      if let name = names.first(where: { !$0.hasPrefix(".") }) {
        throw QuickstartError.notOurs(folder, name: name)
      }
      try write(Data(), to: Self.marker)
    }
  }

  /// Says that the folder's files are ours to replace, even after an interruption.
  private static let marker = ".vernier-quickstart"

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ data: Data, to name: String) throws {
    do {
      try OutputFile(file(name)).write(data)
    } catch {
      throw QuickstartError.notWritable(path, name: name)
    }
  }

  /// Removes what an earlier quickstart left.
  func clear() throws {
    for name in ["result.json", "report.html", "law.json", "study.yaml", "study.sqlite", "runs"]
    where FileManager.default.fileExists(atPath: file(name)) {
      do {
        try FileManager.default.removeItem(atPath: file(name))
      } catch {
        throw QuickstartError.notWritable(path, name: name)
      }
    }
  }

  func finish(_ result: QuickstartResult) throws {
    try write(try JSONEncoder.results.encode(result), to: "result.json")
  }

  /// The result of a finished quickstart, or `nil` where there is none of this version.
  func result() throws -> QuickstartResult? {
    guard FileManager.default.fileExists(atPath: file("report.html")),
      let data = FileManager.default.contents(atPath: file("result.json"))
    else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let result = try? decoder.decode(QuickstartResult.self, from: data),
      result.version == QuickstartResult.version
    else { throw QuickstartError.otherResult(file("result.json")) }
    return result
  }
}

enum QuickstartError: Error, CustomStringConvertible {
  case cannotMake(String)
  case notWritable(String, name: String)
  case notOurs(String, name: String)
  case otherResult(String)

  var description: String {
    switch self {
    case .cannotMake(let folder):
      "the folder '\(folder)' cannot be made or read; check its name and the permissions above it"
    case .notWritable(let folder, let name):
      "\(folder)/\(name) cannot be written; check permissions and free space, or give another folder"
    case .notOurs(let folder, let name):
      "the folder \(folder) holds \(name), which is no part of a quickstart; give a new folder"
    case .otherResult(let path):
      "\(path) is damaged or of another version; run again with --fresh"
    }
  }
}
