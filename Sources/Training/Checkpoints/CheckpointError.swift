/// What can be wrong with a run's checkpoints: the folder, the value, and what to do.
package enum CheckpointError: Error, Hashable {
  case missing(String)
  case damaged(String, reason: String)
  case otherVersion(String, found: Int, known: Int)
  case otherRun(String, found: String, expected: String)
  case payload(String, reason: String)
  case exists(String)
  case noSpace(String)
}

extension CheckpointError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path): "\(path): no such checkpoint; check the step"
    case .damaged(let path, let reason):
      "\(path) is damaged (\(reason)); remove it to go on from the checkpoint before it, "
        + "and check the disk"
    case .otherVersion(let path, let found, let known):
      "\(path) is a checkpoint of format version \(found), where this program reads \(known); "
        + "go on with the program that wrote it, or start the run again"
    case .otherRun(let path, let found, let expected):
      "\(path) is a checkpoint of run \(found), not of run \(expected); "
        + "give each run a folder of its own"
    case .payload(let path, let reason):
      "\(path): the trainer's state cannot be read (\(reason)); "
        + "go on with the program that wrote it, or start the run again"
    case .exists(let path):
      "\(path) is there already, and good; go on from it, or remove it to train to it again"
    case .noSpace(let path):
      "\(path) was not written: no space is left there; free some, or raise the quota, and go on "
        + "from the checkpoint before it"
    }
  }
}
