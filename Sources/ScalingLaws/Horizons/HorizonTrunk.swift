import RealModule
import Runs

/// The annealed losses of one trunk, as the search-factor law reads them.
struct HorizonTrunk: Sendable {
  struct Point: Hashable, Sendable {
    var tokens: Double
    var loss: Double

    var logTokens: Double { .log(tokens) }
  }

  var params: Double
  var batchTokens: Double?
  /// The active share, where runs differ in it.
  var activeShare: Double?
  var learningRate: Double
  var name: String?
  var seed: String?
  /// Those with a loss, by ascending tokens.
  var points: [Point] = []
  /// The shortest horizon at which it was seen to diverge.
  var divergedTokens: Double?
  /// The number of runs, diverged ones too.
  var runCount = 0

  /// Fewer horizons than this do not test a law of three numbers.
  static let leastHorizons = 4

  /// Whether the law can be fitted: horizons enough, along which loss falls.
  ///
  /// A loss that rises with the horizon is of a rate too high to be trained at, which no positive A
  /// describes; left in, it would pass for noise of its whole size.
  func isUsable(leastHorizons: Int = leastHorizons) -> Bool {
    guard let first = points.first, let last = points.last else { return false }
    return Set(points.map(\.tokens)).count >= leastHorizons && last.loss < first.loss
  }

  /// The trunk as it was before its longest horizon was annealed.
  var withoutLongest: HorizonTrunk {
    var copy = self
    let longest = points.last?.tokens
    copy.points.removeAll { $0.tokens == longest }
    return copy
  }

  /// Whether `tokens` was annealed, or lies beyond a horizon at which the trunk diverged.
  func isSettled(at tokens: Double) -> Bool {
    if let divergedTokens, tokens >= divergedTokens * (1 - GroupedValues.tolerance) { return true }
    return points.contains { abs($0.tokens / tokens - 1) <= GroupedValues.tolerance }
  }
}

extension HorizonTrunk {
  /// The trunks of `records`, in an order that does not depend on theirs.
  ///
  /// They are those that the fit of the learning rate takes for one experiment.
  static func all(in records: [RunRecord]) -> [HorizonTrunk] {
    let shares = ActiveShares(of: records)
    var numbers = TrunkNumbers()
    var trunks: [HorizonTrunk] = []
    for record in LearningRateSweep.grouped(records.filter { !$0.isPredicted && $0.hasEnded }) {
      let number = numbers.place(of: record, activeShare: shares[record]).trunk
      if number == trunks.count {
        trunks.append(
          HorizonTrunk(
            params: record.params, batchTokens: record.batchTokens, activeShare: shares[record],
            learningRate: record.learningRate, name: record.trunk, seed: record.seed))
      }
      trunks[number].runCount += 1
      if !record.hasDiverged, let loss = record.loss, loss > 0 {
        trunks[number].points.append(Point(tokens: record.tokens, loss: loss))
      } else {
        trunks[number].divergedTokens = min(
          trunks[number].divergedTokens ?? .infinity, record.tokens)
      }
    }
    return trunks
  }

  /// `trunks` by size, batch size and active share, all ascending, each group by ascending rate.
  static func bySize(_ trunks: [HorizonTrunk]) -> [[HorizonTrunk]] {
    Dictionary(grouping: trunks) { [$0.params, $0.batchTokens ?? 0, $0.activeShare ?? 0] }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { group in
        group.value.sorted {
          ($0.learningRate, $0.seed ?? "", $0.name ?? "")
            < ($1.learningRate, $1.seed ?? "", $1.name ?? "")
        }
      }
  }
}

extension RunRecord {
  /// Whether the run came to an end of its own: its loss, if any, is that of its horizon.
  fileprivate var hasEnded: Bool { status != .unfinished }
}
