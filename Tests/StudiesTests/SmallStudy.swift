import Foundation
import Runs
import Studies
import Support
import Synchronization
import Testing

/// A study that takes a second, in a folder of its own.
struct SmallStudy {
  let files: TemporaryFolder
  var study: StudyDescription
  var folder: StudyFolder { StudyFolder(URL(fileURLWithPath: files.file("study"))) }

  static let yaml = """
    version: 1
    corpus: {kind: synthetic, seed: 0, vocabulary: 16}
    model: {family: llama, sequence_length: 32, sizes: [{width: 8, layers: 1}, {width: 16, layers: 1}]}
    tokens: [1280, 2560, 3840, 5120]
    learning_rates: [5e-3, 1e-2, 2e-2, 4e-2]
    batch_tokens: [128]
    schedule: {warmup_tokens: 512}
    validation: {tokens: 640, every: 1280}
    checkpoint: {every: 896}
    """

  init(_ change: (inout StudyDescription) -> Void = { _ in }) throws {
    files = try TemporaryFolder()
    study = try StudyDescription(yaml: Self.yaml, file: "study.yaml")
    change(&study)
  }

  /// What a sweep said, counted from any thread.
  final class Watch: Sendable {
    private struct State {
      var tokens = 0
      var notices: [StudySweep.Notice] = []
    }

    private let state = Mutex(State())
    private let limit: Int

    init(stopAfter tokens: Int = .max) { limit = tokens }

    var tokens: Int { state.withLock { $0.tokens } }
    var notices: [StudySweep.Notice] { state.withLock { $0.notices } }

    var observer: StudySweep.Observer {
      StudySweep.Observer(
        progress: { [self] progress in state.withLock { $0.tokens = progress.tokens } },
        notice: { [self] notice in state.withLock { $0.notices.append(notice) } },
        isStopped: { [self] in tokens >= limit })
    }
  }

  /// Plans and trains; says whether all ended.
  @discardableResult
  func sweep(_ watch: Watch = Watch(), slots: Int = 2) throws -> Bool {
    let sweep = try StudySweep(study, in: folder, watch.observer)
    let executor = try LocalExecutor(slots: slots, sweep.corpora)
    return try sweep.train(sweep.plan.runs, with: executor, watch.observer)
  }

  /// The log of every run by its id.
  func logs() throws -> [String: String] {
    let runs = try FileManager.default.contentsOfDirectory(atPath: files.file("study/runs"))
    return Dictionary(
      uniqueKeysWithValues: try runs.map { ($0, try files.read("study/runs/\($0)/events.jsonl")) })
  }
}
