import RealModule
package import Runs

/// Runs sorted into slices of equal params, tokens, active share and batch size, and into trunks.
package struct LearningRateSweep: Sendable {
  /// By ascending scale.
  package private(set) var slices: [SweepSlice] = []
  /// The number of independent experiments.
  package private(set) var trunkCount = 0
  /// Whether horizons were taken to share a trunk because they share all else.
  package private(set) var trunksAreAssumed = false

  /// - Parameters:
  ///   - records: Finished runs.
  ///   - rate: Which rate of theirs to fit; runs without it are left out.
  package init(_ records: [RunRecord], rate: RateKind = .peak) {
    let sharesEvaluation = Self.sharesEvaluation(records)
    var points: [RunScale: [SweepPoint]] = [:]
    let shares = ActiveShares(of: records)
    var trunks = TrunkNumbers()
    var seeded: Set<Int> = []
    let rates = GroupedValues(records.compactMap(rate.value(of:)))
    for record in Self.grouped(records) {
      guard let learningRate = rate.value(of: record) else { continue }
      let scale = RunScale(
        params: record.params, tokens: record.tokens, batchTokens: record.batchTokens,
        activeShare: shares[record])
      let place = trunks.place(of: record, activeShare: scale.activeShare)
      if record.seed != nil { seeded.insert(place.trunk) }
      points[scale, default: []].append(
        SweepPoint(
          learningRate: rates[learningRate], loss: record.loss,
          lossStandardError: sharesEvaluation && !record.isPredicted
            ? nil : record.lossStandardError, diverged: record.hasDiverged,
          isPredicted: record.isPredicted, trunk: place.trunk, branch: place.branch))
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

  /// The records with neighbouring values made equal, in an order that does not depend on theirs.
  static func grouped(_ records: [RunRecord]) -> [RunRecord] {
    let rates = GroupedValues(records.map(\.learningRate))
    let params = GroupedValues(records.map(\.params))
    let batches = GroupedValues(records.compactMap(\.batchTokens))
    let tokens = Dictionary(grouping: records) { params[$0.params] }.mapValues {
      GroupedValues($0.map(\.tokens))
    }
    return records.sorted(by: comesFirst).map { record in
      var record = record
      record.params = params[record.params]
      record.tokens = tokens[record.params]?[record.tokens] ?? record.tokens
      record.batchTokens = record.batchTokens.map { batches[$0] }
      record.learningRate = rates[record.learningRate]
      return record
    }
  }

  /// Whether all losses were measured on one text.
  ///
  /// The standard error of such a loss says how another text would have changed it, which is nearly
  /// the same for every run. It cancels between learning rates, so it is no noise around a basin;
  /// what does not cancel shows in how far runs scatter, and `BasinModel` learns it.
  private static func sharesEvaluation(_ records: [RunRecord]) -> Bool {
    let digests = Set(records.filter { !$0.isPredicted }.map(\.evaluationDigest))
    return digests.count == 1 && digests.first != .some(nil)
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
    func names(_ record: RunRecord) -> String {
      let counts = [
        record.paramsActive, record.paramsTotal, record.experts.map(Double.init),
        record.expertsActive.map(Double.init), record.effectiveLearningRate,
      ]
      return ([record.seed ?? "", record.trunk ?? ""] + counts.map { $0.map { "\($0)" } ?? "" })
        .joined(separator: "\n")
    }
    func rank(_ record: RunRecord) -> (Double, Double, Double, Double, Double, String) {
      (
        record.tokens, record.params, record.learningRate, record.batchTokens ?? 0,
        record.loss.flatMap { $0.isFinite ? $0 : nil } ?? .infinity, names(record)
      )
    }
    return rank(a) < rank(b)
  }

  /// The sweep without what was only predicted.
  var measured: LearningRateSweep {
    with(
      slices: slices.compactMap { slice in
        var slice = slice
        slice.points.removeAll(where: \.isPredicted)
        return slice.points.isEmpty ? nil : slice
      })
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
