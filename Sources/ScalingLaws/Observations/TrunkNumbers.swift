import Runs

/// Numbers the trunks in the order in which their runs come.
struct TrunkNumbers {
  private(set) var count = 0
  private(set) var areAssumed = false
  private var trunks: [Key: (number: Int, branches: Int)] = [:]

  private enum Key: Hashable {
    case named(String, params: Double, rate: Double, batch: Double?)
    case alone(Int)
    case series(
      params: Double, rate: Double, batch: Double?, share: Double?, seed: String?, replicate: Int)
  }

  private var replicates: [[Double]: Int] = [:]

  /// Schedules that end with their horizon, so that no other horizon branches from the run.
  private static let boundToHorizon: Set = ["cosine", "linear", "rex"]

  /// The trunk of `record`, and its position among the branches.
  ///
  /// - Parameters:
  ///   - record: The next run.
  ///   - activeShare: Its active share, where runs differ in it.
  /// - Returns: Numbers from 0 on.
  mutating func place(
    of record: RunRecord, activeShare: Double?
  ) -> (trunk: Int, branch: Int) {
    let key = key(of: record, activeShare: activeShare)
    let entry = trunks[key] ?? (count, 0)
    if entry.branches == 0 {
      count += 1
    } else if case .series = key {
      areAssumed = true
    }
    defer { trunks[key] = (entry.number, entry.branches + 1) }
    return (entry.number, entry.branches)
  }

  /// The name of the trunk, else all that the horizons of one trunk share.
  private mutating func key(of record: RunRecord, activeShare: Double?) -> Key {
    if let trunk = record.trunk {
      // Whatever the name, a trunk has one rate: runs at two are two experiments.
      return .named(
        trunk, params: record.params, rate: record.learningRate, batch: record.batchTokens)
    }
    var replicate = 0
    if let schedule = record.schedule.kind, Self.boundToHorizon.contains(schedule.lowercased()) {
      return .alone(count)
    }
    if record.seed == nil {
      // Repeats at one horizon cannot be branches of one trunk.
      let place = [
        record.params, record.tokens, record.learningRate, record.batchTokens ?? 0,
        activeShare ?? ActiveShares.dense,
      ]
      replicate = replicates[place, default: 0]
      replicates[place] = replicate + 1
    }
    return .series(
      params: record.params, rate: record.learningRate, batch: record.batchTokens,
      share: activeShare, seed: record.seed, replicate: replicate)
  }
}
