import RealModule
import Runs

/// What batch size to use for one run, and what others cost.
package struct BatchTarget: Hashable, Encodable, Sendable {
  package var params: Double
  package var tokens: Double
  package var activeShare: Double?
  /// The best batch size, in tokens a step.
  package var batchTokens: Estimate
  /// The batch that takes twice the tokens for the same loss, taking the target's tokens as the least.
  package var criticalBatchTokens: Estimate?
  /// What other batches cost, each at its own best learning rate.
  package var others: [Other]
  /// How far the target lies beyond the cells whose best batch is located, in powers of ten.
  package var extrapolationDecades: Decades

  package struct Decades: Hashable, Encodable, Sendable {
    package var params: Double
    package var tokens: Double
  }

  /// A multiple of the best batch size.
  package struct Other: Hashable, Encodable, Sendable {
    package var multiple: Double
    package var batchTokens: Double
    /// The percentage of loss that it gives away; the interval is that of not knowing the best batch.
    ///
    /// Those that reach `RatePrediction.mostPenaltyPercent` stand for that much or more.
    package var penaltyPercent: Estimate
    /// What to multiply the learning rate of the best batch by; `nil` for a batch never tried.
    package var rateFactor: Estimate?
    /// Whether `penaltyPercent` is only known to be as much or more.
    package var isPenaltyBound: Bool
  }

  static let multiples = [0.5, 2, 4]

  init(
    _ scale: RunScale, by law: ScaleLaw, basin: BasinModel, critical: TokensPowerLaw?,
    rateAtBatch: ScaleLaw?, cells: [BestBatch], batches: ValueRange, confidence: Double
  ) {
    params = scale.params
    tokens = scale.tokens
    activeShare = scale.activeShare
    let best = law.estimate(at: scale, measured: false, confidence: confidence)
    batchTokens = best
    criticalBatchTokens = critical?.estimate(at: scale.tokens)
    let prediction = RatePrediction(law, at: scale, basin: basin, confidence: confidence)
    let given = scale.batchTokens.map { [$0 / best.value] } ?? []
    others = (Self.multiples + given).map { multiple in
      let batch = multiple * best.value
      func at(_ batch: Double) -> RunScale {
        RunScale(
          params: scale.params, tokens: scale.tokens, batchTokens: batch,
          activeShare: scale.activeShare)
      }
      let penalty = prediction.penaltyPercent(at: batch, basin: basin)
      return Other(
        multiple: multiple, batchTokens: batch,
        penaltyPercent: penalty,
        rateFactor: batches.decades(to: batch) == 0
          ? rateAtBatch?.ratio(of: at(batch), to: at(best.value), confidence: confidence) : nil,
        isPenaltyBound: RatePrediction.isBound(penalty.value))
    }
    let located = cells.filter { $0.status == .located }
    extrapolationDecades = Decades(
      params: ValueRange(located.map(\.params))?.decades(to: scale.params) ?? 0,
      tokens: ValueRange(located.map(\.tokens))?.decades(to: scale.tokens) ?? 0)
  }
}
