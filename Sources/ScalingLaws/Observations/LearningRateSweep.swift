import RealModule
package import Runs

/// Runs sorted into slices of equal params, tokens and batch size, and into trunks.
package struct LearningRateSweep: Sendable {
  /// By ascending scale.
  package private(set) var slices: [SweepSlice] = []
  /// The number of independent experiments.
  package private(set) var trunkCount = 0
  /// Whether horizons were taken to share a trunk because they share all else.
  package private(set) var trunksAreAssumed = false

  package init(_ records: [RunRecord]) {
    let rates = GroupedValues(records.map(\.learningRate))
    let params = GroupedValues(records.map(\.params))
    let batches = GroupedValues(records.compactMap(\.batchTokens))
    let tokens = Dictionary(grouping: records) { params[$0.params] }.mapValues {
      GroupedValues($0.map(\.tokens))
    }
    var points: [RunScale: [SweepPoint]] = [:]
    var trunks = TrunkNumbers()
    var seeded: Set<Int> = []
    for record in records.sorted(by: Self.comesFirst) {
      var record = record
      record.params = params[record.params]
      record.tokens = tokens[record.params]?[record.tokens] ?? record.tokens
      record.batchTokens = record.batchTokens.map { batches[$0] }
      record.learningRate = rates[record.learningRate]
      let scale = RunScale(
        params: record.params, tokens: record.tokens, batchTokens: record.batchTokens)
      let place = trunks.place(of: record)
      if record.seed != nil { seeded.insert(place.trunk) }
      points[scale, default: []].append(
        SweepPoint(
          learningRate: record.learningRate, loss: record.loss,
          lossStandardError: record.lossStandardError, diverged: record.hasDiverged,
          trunk: place.trunk, branch: place.branch))
    }
    slices = points.map { scale, points in
      var slice = SweepSlice(scale: scale, points: Self.ordered(points, seeded: seeded))
      slice.markImplausible()
      return slice
    }
    slices.sort { $0.scale < $1.scale }
    trunkCount = trunks.count
    trunksAreAssumed = trunks.areAssumed
  }

  /// The points by learning rate, best first among repeats, of which the unlabelled rest are marked.
  private static func ordered(_ points: [SweepPoint], seeded: Set<Int>) -> [SweepPoint] {
    func rank(_ point: SweepPoint) -> (Double, Int, Double, Int) {
      (point.learningRate, point.diverged ? 1 : 0, point.loss ?? .infinity, point.trunk)
    }
    var points = points.sorted { rank($0) < rank($1) }
    for (index, better) in zip(points.indices.dropFirst(), points) {
      points[index].isSuperseded =
        points[index].learningRate == better.learningRate && !seeded.contains(points[index].trunk)
    }
    return points
  }

  /// An order that does not depend on that of the rows, so that the fit does not either.
  private static func comesFirst(_ a: RunRecord, _ b: RunRecord) -> Bool {
    func rank(_ record: RunRecord) -> (Double, Double, Double, Double, Double, String) {
      (
        record.tokens, record.params, record.learningRate, record.batchTokens ?? 0,
        record.loss ?? .infinity, (record.seed ?? "") + "\n" + (record.trunk ?? "")
      )
    }
    return rank(a) < rank(b)
  }

  /// The sweep of `slices` alone.
  func with(slices: [SweepSlice]) -> LearningRateSweep {
    var copy = self
    copy.slices = slices
    return copy
  }

  /// The cells, by ascending scale.
  package var cells: [RunScale] {
    var cells: [RunScale] = []
    for slice in slices where cells.last != slice.scale.cell { cells.append(slice.scale.cell) }
    return cells
  }

  /// Whether some cell was trained at more than one batch size.
  package var hasBatchSizes: Bool {
    zip(slices, slices.dropFirst()).contains {
      $0.scale.cell == $1.scale.cell && $0.scale.batchTokens != $1.scale.batchTokens
    }
  }

  /// Whether every run carries a batch size.
  package var hasBatchTokens: Bool { slices.allSatisfy { $0.scale.batchTokens != nil } }
}

extension RunRecord {
  /// Whether the record itself shows that the run diverged.
  ///
  /// That is a status, a loss that is not finite, or one above the loss at initialisation: the one
  /// given, else the entropy of an even guess, in nats, where the vocabulary is known.
  package var hasDiverged: Bool {
    guard status != .diverged, let loss, loss.isFinite else { return true }
    if let initialLoss { return loss > initialLoss }
    let unit = lossKind?.lowercased() ?? ""
    let isInNats = !["bit", "bpb", "bpc"].contains { unit.contains($0) }
    guard isInNats, let vocabulary, vocabulary > 1 else { return false }
    return loss > .log(Double(vocabulary))
  }
}

/// Positive values, of which those next to each other count as the least of them.
///
/// Steps are whole and tables round, so that one horizon or grid point has several numbers.
struct GroupedValues {
  private var representatives: [Double: Double] = [:]

  private static let tolerance = 0.01

  init(_ values: [Double]) {
    var representative = 0.0
    for value in Set(values).sorted() {
      if value > representative * (1 + Self.tolerance) { representative = value }
      representatives[value] = representative
    }
  }

  subscript(value: Double) -> Double { representatives[value] ?? value }
}

/// Numbers the trunks in the order in which their runs come.
private struct TrunkNumbers {
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
