import Runs

/// Why a study cannot be planned, run or read.
package enum StudyError: Error, Hashable {
  case missing(String)
  case noStudy(folder: String)
  case notAFolder(String)
  /// The folder of a run, where a study's was wanted.
  case isRun(String)
  /// A study file that is not ours to replace.
  case otherStudy(String)
  case otherVersion(String, found: String)
  case damagedStore(String, reason: String)
  case storeNotWritten(String, reason: String)
  case storeInUse(String)
  case unknownTrainer
  case overBudget(planned: Double, budget: Double)
  /// Logs were to be imported where a study is trained.
  case trainsItself(folder: String)
  /// No run has ended yet that a law can be fitted to.
  case nothingTrained(folder: String, runs: Int?)
}

extension StudyError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path):
      "\(path): no such file or folder; give a study file or a study's folder"
    case .noStudy(let folder):
      "\(folder) holds no study.yaml; give the folder of a study, or run vernier sweep with its file"
    case .notAFolder(let path):
      "\(path) is no folder; give a folder, which is made if it is missing"
    case .isRun(let path):
      "\(path) is the folder of a run; give another folder"
    case .otherStudy(let path):
      "\(path) asks something else and was not written by vernier, so it is not replaced; sweep it, or "
        + "give another folder by --output"
    case .otherVersion(let path, let found):
      "\(path) was written by a vernier whose store has `\(found)`, which this one does not know; use "
        + "that one, or another folder"
    case .damagedStore(let path, let reason):
      "\(path) cannot be read as a study's store (\(reason)); remove it and run vernier sweep again: it "
        + "is made anew from the folders of the runs, and no run is trained twice"
    case .storeNotWritten(let path, let reason):
      "\(path) was not written: \(reason); free space or permissions, then run the same command again: "
        + "it goes on where it was"
    case .storeInUse(let path):
      "\(path) is locked by another program; close what has it open, then run the same command again"
    case .unknownTrainer:
      "`trainer.kind` is command, and this program has only the builtin trainer; leave `trainer` out"
    case .overBudget(let planned, let budget):
      "the runs of the study take \(Quantity.operations(planned)) floating-point operations, more than "
        + "`budget.flops`, \(Quantity.operations(budget)); ask for fewer or smaller runs, or raise the budget"
    case .trainsItself(let folder):
      "\(folder) is a study that vernier trains, whose losses are on another text; import into another folder"
    case .nothingTrained(let folder, let runs):
      "none of the \(runs.map { "\($0) " } ?? "")runs of \(folder) has ended; run vernier sweep \(folder)"
    }
  }
}
