import Runs
import Studies

/// The runs of the sweep of one model size, and of one batch size where several were swept.
struct StudyPanel: Sendable {
  var params: Double
  /// `nil` where the whole sweep has one batch size.
  var batchTokens: Int?
  var runs: [StudyRun]

  /// By ascending params, then batch size.
  static func all(of runs: [StudyRun]) -> [StudyPanel] {
    let swept = runs.filter { $0.role != .heldOut }
    let hasBatches = Set(swept.map(\.batchTokens)).count > 1
    let panels = Dictionary(grouping: swept) {
      Place(params: $0.params, batchTokens: hasBatches ? $0.batchTokens : nil)
    }
    return panels.map { place, runs in
      StudyPanel(params: place.params, batchTokens: place.batchTokens, runs: runs)
    }.sorted { ($0.params, $0.batchTokens ?? 0) < ($1.params, $1.batchTokens ?? 0) }
  }

  private struct Place: Hashable {
    var params: Double
    var batchTokens: Int?
  }

  var heading: String {
    "\(Quantity.format(params)) params"
      + (batchTokens.map { ", batch \(Quantity.format(Double($0)))" } ?? "")
  }

  /// The run with the least loss, of those that tell one.
  var best: StudyRun? {
    runs.filter { $0.loss?.isFinite == true }
      .min { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) }
  }

  /// The learning rates, ascending.
  var learningRates: [Double] { Set(runs.map(\.learningRate)).sorted() }
}
