import Runs

/// What the active share of a mixture of experts is a share of.
///
/// The two differ for one and the same model, so a law and its targets must keep to one.
package enum ActiveShareKind: String, Codable, Sendable {
  /// Active experts over all experts.
  case experts
  /// Active parameters over all parameters, where no run gives its experts.
  case params
}

/// The share of each run of a table that is active, where the runs differ in it.
struct ActiveShares {
  /// What the shares are of; `nil` where all runs are dense or say nothing.
  let kind: ActiveShareKind?
  /// Whether the optimum may depend on the share: equal shares tell nothing of it.
  let vary: Bool
  private let grouped: GroupedValues

  init(of records: [RunRecord]) {
    let kind: ActiveShareKind =
      records.contains { $0.activeShare(of: .experts) != nil } ? .experts : .params
    let shares = records.map { $0.activeShare(of: kind) ?? Self.dense }
    let grouped = GroupedValues(shares)
    self.grouped = grouped
    self.kind = shares.contains(where: Self.isSparse) ? kind : nil
    vary = Set(shares.map { grouped[$0] }).count > 1
  }

  /// A dense model is a mixture of which all is active.
  static let dense = 1.0
  /// A smaller share is a slip.
  private static let least = 1e-9

  private static func isSparse(_ share: Double) -> Bool {
    share * (1 + GroupedValues.tolerance) < dense
  }

  /// The share of `record`, equal for neighbouring ones; `nil` where all runs are dense.
  func share(of record: RunRecord) -> Double? {
    kind.map { grouped[record.activeShare(of: $0) ?? Self.dense] }
  }

  /// The share of `record`, where the runs differ in it.
  subscript(record: RunRecord) -> Double? { vary ? share(of: record) : nil }

  /// Refuses runs whose shares are none, or cannot be told beside those of others.
  ///
  /// - Throws: `.activeShareAboveOne` or `.activeShareMissing`, with the place of the first.
  static func check(_ records: [RunRecord]) throws(FitError) {
    for kind in [ActiveShareKind.experts, .params] {
      for record in records {
        guard let share = record.activeShare(of: kind), share > dense || share < least else {
          continue
        }
        throw .activeShareAboveOne(kind, place: record.placeInWords)
      }
    }
    guard let kind = ActiveShares(of: records).kind else { return }
    guard kind == .experts else { return }
    // Where some runs give their experts, one that gives half of them or only its parameters is a
    // mixture too, and to take it for dense would be wrong.
    let unclear = records.filter { record in
      record.activeShare(of: .experts) == nil
        && ((record.experts ?? 1) > 1 || record.expertsActive != nil
          || isSparse(record.activeShare(of: .params) ?? dense))
    }
    guard let first = unclear.first else { return }
    throw .activeShareMissing(count: unclear.count, first: first.placeInWords)
  }
}

extension RunRecord {
  /// What is active and what there is, by kind.
  fileprivate var activeParts: [(kind: ActiveShareKind, part: Double?, whole: Double?)] {
    [
      (.experts, expertsActive.map(Double.init), experts.map(Double.init)),
      (.params, paramsActive, paramsTotal),
    ]
  }

  /// The active share as the record gives it; `nil` where it does not give both parts of it.
  fileprivate func activeShare(of kind: ActiveShareKind) -> Double? {
    activeParts.first { $0.kind == kind }.flatMap { _, part, whole in
      part.flatMap { part in whole.map { part / $0 } }
    }
  }
}
