import RealModule
import Runs

/// Batch sizes that grow along a run, in steps of a factor.
///
/// Progress is counted in the fewest tokens that its loss would have taken, `m`. At a batch held all
/// along the tokens seen are `m e(B / B_opt(m))`, by the three stages; so the next piece of progress
/// takes `e - p e'` tokens, with `p` the exponent of B_opt and `e'` the slope of e in the log of the
/// batch. The ramp takes the batch for which that is least, which lies above B_opt(m): the best
/// constant batch is a compromise with the end of its run. That nothing else of a run's past matters is
/// an assumption, and the learning rate's decay is left out. The derivation is ours.
package struct BatchRampAdvice: Hashable, Encodable, Sendable {
  package struct Stage: Hashable, Encodable, Sendable {
    /// Tokens seen when the stage begins.
    package var fromTokens: Double
    package var batchTokens: Double
    /// What to multiply the learning rate of the schedule by, so that the last stage has 1.
    package var rateFactor: Double
  }

  /// A run to compare the ramp with, at one batch size.
  package struct Constant: Hashable, Encodable, Sendable {
    package var batchTokens: Double
    /// The ramp's optimizer steps over those of this run.
    package var stepsRatio: Double
    /// The tokens' worth of the ramp over that of this run.
    package var tokensRatio: Double
    /// The percentage by which the ramp's loss is expected to lie below; negative above.
    package var lossGainPercent: Double?
  }

  package var tokens: Double
  /// The batch of the ramp over the one that a run ending there would have.
  package var lead: Double
  package var stages: [Stage]
  /// The last stage's batch all along, and the first one's.
  package var againstLast: Constant
  package var againstFirst: Constant
  /// The best constant batch for the whole run.
  package var againstBest: Constant
  /// Whether the target lies beyond the tokens that the law of the batch was fitted on.
  package var isExtrapolated: Bool

  /// `nil` where the law does not grow, or a ramp would have one stage.
  ///
  /// - Parameters:
  ///   - tokens: Of the whole run.
  ///   - law: The batch with the fewest tokens against those.
  ///   - relation: What other batches take, relative to that one.
  ///   - batches: Those that were tried.
  ///   - coupling: The exponent of the learning rate in batch size.
  ///   - curve: Loss against tokens at good batches.
  init?(
    tokens: Double, law: TokensPowerLaw, relation: ThreeStageRelation, batches: ValueRange,
    coupling: Double, curve: TokensCurve?
  ) {
    guard law.exponent.lower > 0 else { return nil }
    let rule = Rule(law: law, relation: relation)
    let lead = rule.lead
    self.lead = lead
    let end = lead * law.estimate(at: tokens).value
    let last = Double.exp2(Double.log2(min(end, batches.upper)).rounded(.down))
    var stages = [(from: tokens, batch: last)]
    // From one power of two to the next where the law is at their geometric mean.
    while let stage = stages.last {
      let batch = stage.batch / Self.factor
      let from = rule.tokens(at: batch * Self.factor.squareRoot() / lead)
      stages[stages.count - 1].from = min(from, tokens)
      guard batch >= batches.lower, from > Self.leastShare * tokens else { break }
      stages.append((from, batch))
    }
    stages.reverse()
    stages.removeAll { $0.from >= tokens }
    guard stages.count > 1 else { return nil }
    stages[0].from = 0
    self.tokens = tokens
    self.stages = stages.map {
      Stage(
        fromTokens: $0.from, batchTokens: $0.batch,
        rateFactor: .pow($0.batch / last, coupling))
    }
    let ramp = rule.run(tokens: tokens, stages: stages)
    func against(_ batch: Double) -> Constant {
      let other = rule.run(tokens: tokens, stages: [(0, batch)])
      let gain = curve.map { curve in
        let losses = [ramp, other].map { curve.loss(atLogTokens: .log($0.worth)) }
        return 100 * (1 - losses[0] / losses[1])
      }
      return Constant(
        batchTokens: batch, stepsRatio: ramp.steps / other.steps,
        tokensRatio: ramp.worth / other.worth, lossGainPercent: gain)
    }
    againstLast = against(stages[stages.count - 1].batch)
    againstFirst = against(stages[0].batch)
    againstBest = against(law.estimate(at: tokens).value)
    isExtrapolated = law.range.decades(to: tokens) != 0
  }

  private static let factor = 2.0
  /// A stage that begins earlier would be over before the learning rate has warmed up.
  private static let leastShare = 0.02

  /// What batch is best when, and what others cost.
  private struct Rule {
    var law: TokensPowerLaw
    var relation: ThreeStageRelation

    /// The multiple of the best constant batch at which progress takes the fewest tokens.
    var lead: Double {
      let step = 0.2
      func cost(_ log: Double) -> Double {
        let sides = [log - step, log + step].map { Double.exp(relation.logTokens(atLogBatch: $0)) }
        let slope = (sides[1] - sides[0]) / (2 * step)
        return .exp(relation.logTokens(atLogBatch: log)) - law.exponent.value * slope
      }
      return .exp(leastPlace(of: cost, from: -0.5, to: 2))
    }

    /// The tokens at which the law has `batch`.
    func tokens(at batch: Double) -> Double {
      law.tokens * .pow(batch / law.batchTokens.value, 1 / law.exponent.value)
    }

    /// The tokens seen at a batch held all along, for a loss that takes `worth` at least.
    private func seen(_ worth: Double, _ batch: Double) -> Double {
      let best = law.batchTokens.value * .pow(worth / law.tokens, law.exponent.value)
      return worth * .exp(relation.logTokens(atLogBatch: .log(batch / best)))
    }

    /// What a run is worth in least tokens, and its steps.
    func run(tokens: Double, stages: [(from: Double, batch: Double)]) -> (
      worth: Double, steps: Double
    ) {
      var worth = BatchRampAdvice.firstShare * tokens
      var seen = 0.0
      var steps = 0.0
      let growth = Double.pow(1 / BatchRampAdvice.firstShare, 1 / Double(BatchRampAdvice.pieces))
      // What a run is worth may exceed its tokens by no more than rounding.
      for piece in 0..<2 * BatchRampAdvice.pieces {
        let batch = stages.last { $0.from <= seen }?.batch ?? stages[0].batch
        let next = piece == 0 ? worth : worth * growth
        let taken = max(
          self.seen(next, batch) - (piece == 0 ? 0 : self.seen(worth, batch)), 0)
        guard seen + taken < tokens else {
          let share = taken > 0 ? (tokens - seen) / taken : 0
          return (worth + share * (next - worth), steps + (tokens - seen) / batch)
        }
        seen += taken
        steps += taken / batch
        worth = next
      }
      return (worth, steps)
    }
  }

  private static let firstShare = 1e-4
  private static let pieces = 2000
}

extension BatchRampAdvice {
  /// What a ramp rests on, and what speaks against it.
  package static let caveats = [
    "derived from runs of constant batch size: no run with a ramp was seen, and the decay of the learning "
      + "rate is left out",
    "published ramps with AdamW saved steps (43 % on OLMo 1B, with the square root of two on the rate at "
      + "each doubling; another left the rate unchanged); with Muon a ramp was slightly harmful, so do not "
      + "ramp there without a test",
  ]
}
