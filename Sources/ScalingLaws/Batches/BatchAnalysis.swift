import RealModule
import Runs

/// All that a sweep over learning rate and batch size says of batch size.
package struct BatchAnalysis: Sendable {
  package var confidence: Double
  package var cells: [BestBatch]
  /// The best batch size as a law of scale.
  package var law: ScaleLaw?
  /// How loss rises off the best batch size, each batch at its own best learning rate.
  package var basin: BasinModel?
  /// At several losses of each model size.
  package var losses: [CriticalBatch]
  /// B_crit and the batch with the fewest tokens, against those tokens.
  package var criticalLaw: TokensPowerLaw?
  package var fewestTokensLaw: TokensPowerLaw?
  /// The shape of tokens against batch size, common to all losses.
  package var stages: ThreeStageRelation?
  package var relations: RelationComparison?
  package var coupling: RateCoupling?
  package var target: BatchTarget?
  package var ramp: BatchRampAdvice?
  /// The batch sizes that were tried.
  package var batches: ValueRange
  /// What the runs do not tell, and what to add.
  package var gaps: [BatchGap]

  /// - Parameters:
  ///   - fitted: A law of the same runs, with its slices.
  ///   - target: The run to choose a batch size for, if there is one.
  ///   - confidence: Of all intervals.
  ///   - seed: Names the random streams.
  ///   - progress: Called now and then with the fraction done.
  /// - Throws: Why the runs say nothing of batch size.
  package init(
    of fitted: LearningRateLaw, target: RunScale?, confidence: Double, seed: UInt64 = 0,
    progress: (Double) -> Void = { _ in }
  ) throws(BatchError) {
    let floors = try fitted.batchFloors()
    self.confidence = confidence
    batches = ValueRange(floors.map(\.batchTokens)) ?? ValueRange(0)
    let best = try BestBatches(floors, confidence: confidence)
    cells = best.cells
    basin = best.basin
    gaps = []
    law = best.observations.isEmpty ? nil : fitted.batch
    progress(0.2)
    coupling = RateCoupling(
      floors,
      best: Dictionary(
        uniqueKeysWithValues: cells.compactMap { cell in
          cell.batchTokens.map { (cell.scale, $0.value) }
        }), byLaw: fitted.batchExponent(confidence: confidence), confidence: confidence)
    let equal = EqualLosses(
      floors, correlation: fitted.trunkCorrelation, draws: Self.draws, seed: seed)
    let critical: CriticalBatches? =
      equal.targets.isEmpty ? nil : CriticalBatches(equal, confidence: confidence, seed: seed)
    losses = critical?.losses ?? []
    criticalLaw = critical?.criticalLaw
    fewestTokensLaw = critical?.bestLaw
    stages = critical?.stages
    relations = critical?.comparison
    progress(0.9)
    gaps = gaps(floors, equal)
    guard let target else { return }
    if let law, let basin {
      self.target = BatchTarget(
        target, by: law, basin: basin, critical: criticalLaw, rateAtBatch: fitted.rateAtBatch,
        cells: cells, batches: batches, confidence: confidence)
    }
    addRamp(to: target, critical, equal)
  }

  private static let draws = 200

  /// Adds the ramp for `target`, or why there is none.
  private mutating func addRamp(
    to target: RunScale, _ critical: CriticalBatches?, _ equal: EqualLosses
  ) {
    let isMonotone = relations.map { !$0.favoursThreeStages } ?? false
    if let critical, let coupling, !isMonotone {
      ramp = Self.ramp(
        to: target, critical, envelopes: equal.envelopes, batches: batches, coupling: coupling)
    }
    if isMonotone {
      gaps.append(
        BatchGap(
          code: .ramp,
          message:
            "no ramp is given: McCandlish's relation describes the runs better, by which smaller "
            + "batches never take more tokens; batch size then trades tokens for time, up to the "
            + "critical batch"))
    } else if ramp == nil {
      gaps.append(
        BatchGap(
          code: .ramp,
          message:
            "no ramp is given: the runs do not show that the best batch grows with tokens, or it "
            + "would not double within the run"))
    }
  }

  /// The ramp by the three stages.
  private static func ramp(
    to target: RunScale, _ critical: CriticalBatches,
    envelopes: [(params: Double, curve: TokensCurve)], batches: ValueRange, coupling: RateCoupling
  ) -> BatchRampAdvice? {
    let curve = envelopes.min {
      abs(Double.log($0.params / target.params)) < abs(Double.log($1.params / target.params))
    }?.curve
    return critical.bestLaw.flatMap {
      BatchRampAdvice(
        tokens: target.tokens, law: $0, relation: critical.stages, batches: batches,
        coupling: (coupling.belowBest ?? coupling.all).exponent.value, curve: curve)
    }
  }

  /// What each estimator lacks.
  private func gaps(_ floors: [BatchFloor], _ equal: EqualLosses) -> [BatchGap] {
    var gaps: [BatchGap] = []
    let edges = floors.count { $0.edge != nil }
    if edges > 0 {
      gaps.append(
        BatchGap(
          code: .edgeRates,
          message:
            "in \(edges) of \(floors.count.counted("slice")) the best learning rate is the lowest or "
            + "highest tried: their least loss counts with the error of an optimum that may lie a factor "
            + "e beyond, and they say nothing of how the rate moves with batch size; extend their rates"
        ))
    }
    let unlocated = cells.filter { $0.status != .located }
    if !unlocated.isEmpty {
      let parts = BestBatch.Status.allCases.compactMap { status -> String? in
        let count = unlocated.count { $0.status == status }
        return count > 0 ? "\(count) \(status.reason)" : nil
      }
      gaps.append(
        BatchGap(
          code: .optimalBatch,
          message: "the best batch is not located in \(unlocated.count) of "
            + "\(cells.count.counted("cell")): \(parts.joined(separator: ", "))"))
    }
    if !equal.leftOut.isEmpty {
      gaps.append(
        BatchGap(
          code: .criticalBatch,
          message: "the tokens that a loss takes are not known at "
            + equal.leftOut.map { "\(Quantity.format($0.params)) params (\($0.reason))" }
            .joined(separator: ", ")
            + "; it takes 3 horizons at 4 batch sizes of one model size"))
    }
    if !losses.isEmpty, criticalLaw == nil {
      gaps.append(
        BatchGap(
          code: .criticalBatch,
          message:
            "the critical batch is found at \(losses.count { $0.criticalBatchTokens != nil }) of "
            + "\(losses.count) losses, too few for a law; add larger batch sizes"))
    }
    if coupling == nil {
      gaps.append(
        BatchGap(
          code: .coupling,
          message:
            "no cell has two batch sizes with a bracketed learning rate, so how the rate moves with "
            + "batch size is not known; extend the rates of a second batch size"))
    }
    return gaps
  }
}

extension BestBatch.Status {
  fileprivate var reason: String {
    switch self {
    case .located: "located"
    case .edge: "with the best batch at the smallest or largest tried (add smaller or larger ones)"
    case .rateAtEdge:
      "with a best batch whose best learning rate is at an end of those tried (extend its rates)"
    case .tooFewBatches: "with fewer than 3 batch sizes of 3 learning rates (add batch sizes)"
    }
  }
}

extension LearningRateLaw {
  /// The exponent of batch size in the law of the rate at a given batch, in the middle of the scales.
  fileprivate func batchExponent(confidence: Double) -> Estimate? {
    rateAtBatch.flatMap {
      $0.exponentEstimate(of: .batch, at: $0.centre, confidence: confidence)
    }
  }
}

extension BatchAnalysis {
  /// The batch below which no loss is reached over the best one, by the three stages.
  package var smallestUsefulRatio: Double? { stages?.smallestBatch }
}
