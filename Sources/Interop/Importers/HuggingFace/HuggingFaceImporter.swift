import Foundation

/// Reads what the Trainer of Hugging Face's transformers leaves in its output folder.
package struct HuggingFaceImporter: RunImporter {
  package let kind = "huggingface"
  package let reads = "trainer_state.json of the Hugging Face Trainer, and what lies beside it"
  package let names = FieldNames.huggingFace

  package init() {}

  package func recognizes(_ file: LogFile) -> Bool {
    let spaces: [UInt8] = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
    return file.name == "trainer_state.json"
      && file.head.first { !spaces.contains($0) } == UInt8(ascii: "{")
  }

  /// The checkpoints of an output folder are one run, whose longest history is read.
  package func places(among files: [LogFile]) -> [LogPlace] {
    var folders: [String] = []
    var longest: [String: (file: LogFile, step: Int)] = [:]
    for file in files {
      let folder = OutputFolder(of: file.path)
      let step = folder.checkpoint ?? Self.step(file)
      if let known = longest[folder.path] {
        let isAsLong = folder.checkpoint == nil ? step >= known.step : step > known.step
        if isAsLong { longest[folder.path] = (file, step) }
      } else {
        folders.append(folder.path)
        longest[folder.path] = (file, step)
      }
    }
    return folders.compactMap { folder in
      longest[folder].map {
        // Where the Trainer logs to TensorBoard unless it is told otherwise.
        LogPlace(path: folder, files: [$0.file.path], ownedFolders: [folder + "/runs"])
      }
    }
  }

  package func reader(
    of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader {
    guard let path = place.files.first else { throw .noFile(place.path) }
    return HuggingFaceReader(path, keeping: keeps)
  }

  /// The `global_step` of a state; keys are sorted, so that it stands before the history.
  private static func step(_ file: LogFile) -> Int {
    let head = String(decoding: file.head, as: UTF8.self)
    guard let key = head.range(of: "\"global_step\":") else { return Int.max }
    let digits = head[key.upperBound...].drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber }
    return Int(digits) ?? Int.max
  }
}

/// The folder that a Trainer was told to write to.
struct OutputFolder {
  let path: String
  /// The folder of the state itself.
  let inner: String
  /// The step at which the state was saved, unless it is that of the end.
  let checkpoint: Int?

  /// - Parameter file: The path of a `trainer_state.json`.
  init(of file: String) {
    let inner = Self.parent(file)
    let name = inner.split(separator: "/").last ?? ""
    let prefix = "checkpoint-"
    checkpoint = name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
    self.inner = inner
    path = checkpoint == nil ? inner : Self.parent(inner)
  }

  /// What people call the run.
  var name: String { URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent }

  private static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
