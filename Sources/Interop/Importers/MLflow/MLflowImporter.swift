/// Reads MLflow's stores: the SQLite database, and the folder `mlruns` of older versions.
package struct MLflowImporter: RunImporter {
  package let kind = "mlflow"
  package let reads = "MLflow's mlflow.db, and the runs in its folder mlruns"
  package let names = FieldNames.mlflow

  /// Folders of the store that hold no runs, though their files look like it.
  private static let others = [".trash", "models", "traces", "datasets"]

  package init() {}

  package func recognizes(_ file: LogFile) -> Bool {
    if ReadOnlyDatabase.isDatabase(file.head) {
      return (try? MLflowDatabaseReader(file.path, keeping: { _ in false })) != nil
    }
    guard file.name == "meta.yaml" else { return false }
    let folders = file.path.split(separator: "/").dropLast(2).suffix(2)
    guard !folders.contains(where: { Self.others.contains(String($0)) }) else { return false }
    let keys = String(decoding: file.head, as: UTF8.self).split(separator: "\n").map {
      $0.prefix { $0 != ":" }
    }
    return keys.contains("lifecycle_stage")
      && (keys.contains("run_id") || keys.contains("run_uuid"))
  }

  package func places(among files: [LogFile]) -> [LogPlace] {
    files.map { file in
      let isFolder = file.name == "meta.yaml" && !file.folder.isEmpty
      return LogPlace(
        path: isFolder ? file.folder : file.path, files: [file.path],
        ownedFolders: isFolder ? [file.folder] : [])
    }
  }

  package func reader(
    of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader {
    guard let path = place.files.first else { throw .noFile(place.path) }
    return path.hasSuffix("meta.yaml")
      ? MLflowFolderReader(path, keeping: keeps)
      : try MLflowDatabaseReader(path, keeping: keeps)
  }
}

/// How MLflow says that a run ended: words in databases, their numbers in files.
enum MLflowStatus {
  private static let words = [
    "1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED",
  ]

  static func end(_ status: String) -> LoggedEnd {
    switch words[status] ?? status {
    case "RUNNING": .running
    case "FINISHED": .finished
    case "FAILED": .failed("FAILED")
    case "KILLED": .failed("KILLED")
    default: .unknown
    }
  }
}
