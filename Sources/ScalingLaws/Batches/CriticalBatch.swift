import RealModule

/// What batch sizes take to one loss at one model size, by both relations.
package struct CriticalBatch: Hashable, Encodable, Sendable {
  package var params: Double
  package var activeShare: Double?
  package var loss: Double
  /// The batch sizes that reach the loss among their horizons.
  package var batches: [Batch]
  /// The tokens that McCandlish's relation has at vanishing batch size, D_min.
  package var leastTokens: Estimate
  /// The batch that takes twice as many, by batches no smaller than the one with the fewest tokens;
  /// `nil` where larger batches do not take more tokens.
  package var criticalBatchTokens: Estimate?
  /// How many times the fewest tokens the smallest batch takes; McCandlish's relation has it at 1.
  package var smallestBatchCost: Estimate
  /// The batch with the fewest tokens, by the three stages.
  package var bestBatchTokens: Estimate
  /// The batch below which the loss is never reached, by the three stages.
  package var smallestUsefulBatchTokens: Estimate

  /// The tokens that one batch size takes to the loss.
  package struct Batch: Hashable, Encodable, Sendable {
    package var batchTokens: Double
    package var tokens: Double
  }

  /// E_min of the three stages, on which they are scaled.
  package var fewestTokens: Estimate

  /// Whether a smaller batch needs surely more tokens, which McCandlish's relation excludes.
  package var curvesCross: Bool { smallestBatchCost.lower > Self.noticeable }

  /// A twentieth more tokens is within what curves through a few horizons miss by.
  private static let noticeable = 1.05

  private enum CodingKeys: String, CodingKey {
    case params, activeShare, loss, batches, leastTokens, fewestTokens, criticalBatchTokens,
      smallestBatchCost, bestBatchTokens, smallestUsefulBatchTokens
  }
}

/// Both relations on all losses, with the laws that their scales follow.
struct CriticalBatches: Sendable {
  let losses: [CriticalBatch]
  /// B_crit against D_min.
  let criticalLaw: TokensPowerLaw?
  /// The batch with the fewest tokens against those.
  let bestLaw: TokensPowerLaw?
  let stages: ThreeStageRelation
  let comparison: RelationComparison?

  /// - Parameters:
  ///   - equal: One target at least.
  ///   - confidence: Of the intervals.
  ///   - seed: Names the random streams.
  init(_ equal: EqualLosses, confidence: Double, seed: UInt64) {
    let fitted = ThreeStageRelation.fitted(to: equal.targets)
    stages = fitted.relation
    comparison = RelationComparison(equal.targets, from: fitted.free)
    // The shape is common to all losses and hardly moves; a few draws tell how much.
    let shapes = equal.draws.prefix(Self.shapeDraws).map { losses in
      ThreeStageRelation.fitted(
        to: losses.filter { $0.points.count > 1 }, from: fitted.free, tolerance: 0.1
      ).relation
    }
    let measured = equal.targets.map { Reading($0, fitted.relation) }
    let drawn = equal.draws.enumerated().map { draw, losses in
      losses.map { loss in
        loss.points.count > 1 ? Reading(loss, shapes[draw % shapes.count]) : nil
      }
    }
    losses = zip(equal.targets, measured).enumerated().map { place, part in
      CriticalBatch(
        part.0, part.1, drawn: drawn.compactMap { $0[place] }, confidence: confidence)
    }
    func law(_ point: (Reading) -> TokensPowerLaw.Point?) -> TokensPowerLaw? {
      TokensPowerLaw(
        measured.compactMap(point), draws: drawn.map { $0.compactMap { $0.flatMap(point) } },
        confidence: confidence, seed: seed)
    }
    criticalLaw = law { reading in
      reading.critical.map {
        TokensPowerLaw.Point(params: reading.params, tokens: reading.least, batch: $0)
      }
    }
    bestLaw = law {
      TokensPowerLaw.Point(params: $0.params, tokens: $0.fewest, batch: $0.best)
    }
  }

  private static let shapeDraws = 20
}

/// The scales of both relations for one loss, in logs.
private struct Reading {
  var params: Double
  /// D_min and B_crit of McCandlish's relation.
  var least: Double
  var critical: Double?
  var smallestCost: Double
  /// E_min and B_opt of the three stages, and the limit of E / S.
  var fewest: Double
  var best: Double
  var smallest: Double

  init(_ loss: EqualLoss, _ stages: ThreeStageRelation) {
    params = loss.params
    let fewestPoint = loss.fewest ?? loss.points[0]
    var upper = loss.points.filter { $0.batch >= fewestPoint.batch }
    if upper.count < 2 { upper = loss.points }
    let plain = McCandlishRelation().scaled(to: upper)
    let limit = (upper.map(\.batch).max() ?? 0) + BatchRelations.reach
    critical = upper.count > 2 && plain.batch < limit - Self.margin ? plain.batch : nil
    // Where no batch is too large, what the best one takes is the least.
    least = critical == nil ? fewestPoint.tokens : plain.tokens
    smallestCost = loss.points[0].tokens - fewestPoint.tokens
    let staged = stages.scaled(to: loss.points)
    fewest = staged.tokens
    best = staged.batch
    smallest = staged.batch + .log(stages.smallestBatch)
  }

  /// A scale so close to the end of the search is at the end.
  private static let margin = 0.1
}

extension CriticalBatch {
  fileprivate init(
    _ loss: EqualLoss, _ reading: Reading, drawn: [Reading], confidence: Double
  ) {
    func estimate(_ value: (Reading) -> Double) -> Estimate {
      Estimate(
        value: value(reading), sample: drawn.isEmpty ? [value(reading)] : drawn.map(value),
        confidence: confidence
      ).exponential
    }
    params = loss.params
    activeShare = loss.activeShare
    self.loss = loss.loss
    batches = loss.points.map { Batch(batchTokens: $0.batchTokens, tokens: .exp($0.tokens)) }
    leastTokens = estimate(\.least)
    fewestTokens = estimate(\.fewest)
    let found = drawn.compactMap(\.critical)
    // Where a part of the draws has none, its upper end is not known.
    criticalBatchTokens = reading.critical.flatMap { value in
      Double(found.count) > Self.mostDraws * Double(drawn.count)
        ? Estimate(value: value, sample: found, confidence: confidence).exponential : nil
    }
    smallestBatchCost = estimate(\.smallestCost)
    bestBatchTokens = estimate(\.best)
    smallestUsefulBatchTokens = estimate(\.smallest)
  }

  private static let mostDraws = 0.9
}
