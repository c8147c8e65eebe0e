import Runs

/// Numbers the trunks in the order in which their runs come.
struct TrunkNumbers {
  private(set) var count = 0
  private(set) var areAssumed = false
  private var trunks: [Key: (number: Int, branches: Int)] = [:]

  private enum Key: Hashable {
    case named(String)
    case series(params: Double, rate: Double, batch: Double?, seed: String?, replicate: Int)
  }

  private var replicates: [[Double]: Int] = [:]

  mutating func place(of record: RunRecord) -> (trunk: Int, branch: Int) {
    let key = key(of: record)
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
  private mutating func key(of record: RunRecord) -> Key {
    if let trunk = record.trunk { return .named(trunk) }
    var replicate = 0
    if record.seed == nil {
      // Repeats at one horizon cannot be branches of one trunk.
      let place = [record.params, record.tokens, record.learningRate, record.batchTokens ?? 0]
      replicate = replicates[place, default: 0]
      replicates[place] = replicate + 1
    }
    return .series(
      params: record.params, rate: record.learningRate, batch: record.batchTokens,
      seed: record.seed,
      replicate: replicate)
  }
}
