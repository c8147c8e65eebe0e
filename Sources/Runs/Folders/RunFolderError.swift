/// What can go wrong with the files of a run.
package enum RunFolderError: Error, Hashable {
  case unreadable(String, reason: String)
  case notWritten(String, reason: String)
  /// A line that is no event.
  case damaged(String, line: Int)
  case otherVersion(String, found: Int, known: Int)
  case otherRun(String, found: String, wanted: String)
  case inUse(String)
  /// A folder with parts of a run but nothing that says of which.
  case noManifest(String)
  /// A log that lacks events of the steps it should tell of.
  case incompleteLog(String, step: Int)
}

extension RunFolderError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(path) cannot be read: \(reason); check its permissions, or, when it is damaged, remove it and run "
        + "the same command again"
    case .notWritten(let path, let reason):
      "\(path) was not written: \(reason); free space or permissions, then run the same "
        + "command again"
    case .damaged(let path, let line):
      "\(path):\(line) is no event; something else wrote there, so remove the folder to begin again, "
        + "or mend that line"
    case .otherVersion(let path, let found, let known):
      "\(path) has version \(found), and this program reads version \(known); use the program that "
        + "wrote it, or another folder"
    case .otherRun(let path, let found, let wanted):
      "\(path) holds another run, \(found), and not \(wanted), which is asked for: the description, "
        + "the corpus or the engine differs; choose another folder"
    case .noManifest(let path):
      "\(path) has parts of a run but no run.json that says of which; restore that, remove the folder to "
        + "train the run again, or choose another folder"
    case .incompleteLog(let path, let step):
      "\(path) does not tell of every step up to \(step), which the run has come to; restore it, or "
        + "remove the folder to begin again"
    case .inUse(let path):
      "\(path) is in use by another vernier; wait for it to end, or choose another folder"
    }
  }
}
