import Foundation

/// The safetensors files of a model in its folder, whole or in shards.
enum ModelWeights {
  private static let whole = "model.safetensors"
  private static let index = "model.safetensors.index.json"
  private static let mostIndexBytes = 32 << 20
  /// Shards have gigabytes; no model has as many.
  private static let mostShards = 4096

  /// What the headers of the files in `folder` say, all shards together.
  ///
  /// - Returns: `nil` when there are none.
  static func header(in folder: String) throws(ImportError) -> SafetensorsHeader? {
    if isPlainFile(folder + "/" + whole) { return try SafetensorsHeader(folder + "/" + whole) }
    let index = folder + "/" + index
    guard isPlainFile(index) else { return nil }
    let map = try JSONFile.value(index, mostBytes: mostIndexBytes)["weight_map"]?.members ?? []
    var names: Set<String> = []
    for member in map {
      guard let name = member.value.text, isFileName(name), isPlainFile(folder + "/" + name) else {
        throw .incomplete(
          index, reason: "it names a shard that is no plain file in the same folder")
      }
      names.insert(name)
    }
    guard !names.isEmpty, names.count <= mostShards else {
      throw .incomplete(index, reason: "it names no shards, or more than \(mostShards)")
    }
    var header: SafetensorsHeader?
    for name in names.sorted() {
      let shard = try SafetensorsHeader(folder + "/" + name)
      if header == nil { header = shard } else { header?.add(shard) }
    }
    return header
  }

  private static func isFileName(_ name: String) -> Bool {
    !name.isEmpty && !name.contains("/") && !name.contains("\0") && name != ".." && name != "."
  }

  /// Whether a plain file stands there, and no link to one elsewhere.
  static func isPlainFile(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
