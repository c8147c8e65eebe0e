import Runs
import Studies

/// The runs of the sweep of one model size, and of one batch size and variant where several were swept.
struct StudyPanel: Sendable {
  var params: Double
  /// `nil` where the whole sweep has one batch size.
  var batchTokens: Int?
  /// The number of the variant; `nil` where the study has one.
  var variant: Int?
  var runs: [StudyRun]

  /// By ascending params, then batch size, then variant.
  static func all(of runs: [StudyRun]) -> [StudyPanel] {
    let swept = runs.filter { $0.role != .heldOut }
    let hasBatches = Set(swept.map(\.batchTokens)).count > 1
    let variants = Set(swept.compactMap(\.variant)).sorted()
    let parts = variants.isEmpty ? [(nil, swept)] : variants.map { ($0, part($0, of: swept)) }
    return parts.flatMap { variant, runs in
      Dictionary(grouping: runs) {
        Place(params: $0.params, batchTokens: hasBatches ? $0.batchTokens : nil)
      }.map { place, runs in
        StudyPanel(
          params: place.params, batchTokens: place.batchTokens, variant: variant, runs: runs)
      }
    }.sorted { $0.rank < $1.rank }
  }

  /// The runs of one variant, with the trunks that they leave, which may be others' too.
  private static func part(_ variant: Int, of runs: [StudyRun]) -> [StudyRun] {
    let trunks = Set(runs.lazy.filter { $0.variant == variant }.compactMap(\.trunk))
    return runs.filter { $0.variant == variant || trunks.contains($0.id) }
  }

  private var rank: (Double, Int, Int) { (params, batchTokens ?? 0, variant ?? 0) }

  private struct Place: Hashable {
    var params: Double
    var batchTokens: Int?
  }

  var heading: String {
    "\(Quantity.format(params)) params"
      + (batchTokens.map { ", batch \(Quantity.format(Double($0)))" } ?? "")
      + (variant.map { ", variant \($0)" } ?? "")
  }

  /// The run with the least loss, of those that tell one.
  var best: StudyRun? {
    runs.filter { $0.loss?.isFinite == true }
      .min { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) }
  }

  /// The learning rates, ascending.
  var learningRates: [Double] { Set(runs.map(\.learningRate)).sorted() }
}
