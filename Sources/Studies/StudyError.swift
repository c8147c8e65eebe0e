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
  /// One of a study's optimizers, by its place from 1, and why it cannot be used.
  case refusedOptimizer(Int, reason: String)
  /// Two of a study's optimizers, by their places from 1.
  case equalOptimizers(Int, Int, title: String)
  /// One law was asked of a study with several variants.
  ///
  /// `left` are the numbers of those that the choice leaves.
  case severalVariants(folder: String, titles: [String], left: [Int])
  case noVariant(folder: String, filters: [String], titles: [String])
  case plansNoRivals(variants: Int)
  /// Runs whose weights were not looked at.
  case noEffectiveRate(folder: String, lacking: Int, of: Int)
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
    case .refusedOptimizer(let place, let reason):
      "`optimizer`, number \(place) of the list: \(reason)"
    case .equalOptimizers(let first, let second, let title):
      "`optimizer` lists \(title) twice, in places \(first) and \(second), however its settings are written; "
        + "keep one of them, with all `learning_rates`"
    case .severalVariants(let folder, let titles, let left):
      "\(folder) has \(titles.count) variants"
        + (left.count < titles.count ? ", of which \(left.count) are left" : "")
        + ", whose rates mean different things, so that no law holds for all; choose one by --where "
        + "variant=N: \(Self.listed(titles, left))"
    case .noVariant(let folder, let filters, let titles):
      "no run of \(folder) that has ended has \(filters.joined(separator: " and ")); its variants are "
        + Self.listed(titles)
    case .plansNoRivals(let variants):
      "the study has \(variants) variants, and a plan chooses runs for one law; choose one by --where "
        + "variant=N, or leave one `optimizer` and one `schedule` in the file"
    case .noEffectiveRate(let folder, let lacking, let count):
      "\(lacking) of the \(count.counted("run")) of \(folder) carry no effective rate, as their weights were "
        + "not looked at at the peak; fit the peak rate, or sweep in a new folder with `telemetry`"
    case .trainsItself(let folder):
      "\(folder) is a study that vernier trains, whose losses are on another text; import into another folder"
    case .nothingTrained(let folder, let runs):
      "none of the \(runs.map { "\($0) " } ?? "")runs of \(folder) has ended; run vernier sweep \(folder)"
    }
  }

  private static func listed(_ titles: [String], _ numbers: [Int]? = nil) -> String {
    (numbers ?? Array(1...titles.count)).map { "\($0) is \(titles[$0 - 1])" }
      .joined(separator: "; ")
  }
}
