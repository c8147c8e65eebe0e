import Foundation

/// The files that the client writes beside a log: the configuration and the summary.
///
/// Old clients have them in the folder of the run, later ones in `files` in it.
enum WandBFolder {
  private static let subfolders = ["", "files/"]
  private static let configName = "config.yaml"
  private static let summaryName = "wandb-summary.json"
  private static let mostBytes = 1 << 24

  /// Hands each key of the configuration to `take`, with its value and its file.
  static func readConfig(
    in folder: String, _ take: (String, JSONValue, String) -> Void
  ) throws(ImportError) {
    guard let path = path(of: configName, in: folder) else { return }
    for member in try YAMLFile.value(path).members ?? [] {
      take(member.key, member.value.withoutWrapper, path)
    }
  }

  /// Hands each key of the summary to `take`, with its value and its file.
  static func readSummary(
    in folder: String, _ take: (String, JSONValue, String) -> Void
  ) throws(ImportError) {
    guard let path = path(of: summaryName, in: folder) else { return }
    let value = try JSONFile.value(path, mostBytes: mostBytes)
    for member in value.members ?? [] { take(member.key, member.value, path) }
  }

  private static func path(of name: String, in folder: String) -> String? {
    let paths = subfolders.map { folder.isEmpty ? $0 + name : "\(folder)/\($0)\(name)" }
    return paths.first { FileManager.default.fileExists(atPath: $0) }
  }
}
