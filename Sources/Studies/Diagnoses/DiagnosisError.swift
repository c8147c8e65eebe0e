/// Why a folder cannot be diagnosed.
package enum DiagnosisError: Error, Hashable {
  case noFolder(String)
  case nothingInFolder(String)
  /// A run without a single step.
  case notBegun(String)
}

extension DiagnosisError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noFolder(let path):
      "\(path) is no folder; give the folder of a run, such as runs/ID, or of a study"
    case .nothingInFolder(let path):
      "\(path) is a folder without run.json, study.yaml or study.sqlite; give the folder of a run, such "
        + "as runs/ID, or of a study"
    case .notBegun(let path):
      "\(path) has no step in its events.jsonl yet; train it (vernier train, vernier sweep) and diagnose "
        + "it then"
    }
  }
}
