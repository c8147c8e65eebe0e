import Foundation
package import Runs

/// The learning rate along a run, as a fraction of its peak.
package struct LearningRateSchedule: Hashable, Sendable {
  package let description: ScheduleDescription
  /// The tokens of the whole run.
  package let horizon: Int

  package init(_ description: ScheduleDescription, horizon: Int) {
    precondition(horizon > 0, "a run of \(horizon) tokens")
    self.description = description
    self.horizon = horizon
  }

  /// The factor after `tokens`, anywhere from the start of the run to its end.
  package func factor(at tokens: Double) -> Double {
    let warmup = Double(description.warmupTokens)
    if tokens < warmup { return tokens / warmup }
    let start = decayStart
    guard tokens > start else { return plain(at: tokens) }
    let done = min(1, (tokens - start) / (Double(horizon) - start))
    return description.decayed(from: plain(at: start), done)
  }

  /// The factor after the warm-up as it would be without a decay at the end.
  private func plain(at tokens: Double) -> Double {
    let warmup = Double(description.warmupTokens)
    switch description.kind {
    case .wsd, .cosine, .linear, .rex, .constant, .wsm: return 1
    case .inverseSquareRoot, .power: return description.endless(at: tokens)
    case .infinite:
      let cooldown = Double(description.cooldownTokens)
      guard tokens < warmup + cooldown else { return description.endless(at: tokens) }
      let way = (1 - cos(.pi * (tokens - warmup) / cooldown)) / 2
      return 1 - (1 - description.plateau) * way
    case .cyclic:
      let cycle = Double(description.cycleTokens)
      let phase = tokens.truncatingRemainder(dividingBy: cycle) / cycle
      return description.floor + (1 - description.floor) * (1 - abs(1 - 2 * phase))
    }
  }

  /// The factor of the update that `tokens` tokens precede and `batchTokens` make.
  ///
  /// Taken in the middle of its tokens, so that neither the first update nor the last is lost and the
  /// mean factor is the same for every batch size.
  package func factor(before tokens: Int, batchTokens: Int) -> Double {
    factor(at: Double(tokens) + Double(batchTokens) / 2)
  }

  /// The factor of an update that is made of one step of `batches`, counted from 1, with what the rule of
  /// a batch ramp makes of it.
  package func factor(of step: Int, in batches: BatchStages) -> Double {
    let stage = batches.stage(of: step)
    return stage.factor
      * factor(before: batches.tokens(after: step - 1), batchTokens: stage.batchTokens)
  }

  /// Whether the rate falls after the warm-up.
  package var decays: Bool {
    switch description.kind {
    case .constant, .wsm: false
    case .wsd: description.decayFraction > 0
    case .cosine, .linear, .rex, .inverseSquareRoot, .power, .infinite, .cyclic: true
    }
  }

  /// Where the decay begins, in tokens; the end of the run where there is none.
  package var decayStart: Double {
    let end = Double(horizon)
    return switch description.kind {
    case .wsd, .inverseSquareRoot, .power, .infinite: end - description.decayFraction * end
    case .cosine, .linear, .rex: min(Double(description.warmupTokens), end)
    case .constant, .cyclic, .wsm: end
    }
  }
}

extension ScheduleDescription {
  /// The factor after a part of the decay that begins at `start`.
  func decayed(from start: Double, _ done: Double) -> Double {
    if kind == .rex { return floor + (start - floor) * (1 - done) / (1 - done / 2) }
    if decayShape == .exponential { return start * pow(floor / start, done) }
    return floor + (start - floor) * (1 - decayShape.progress(done))
  }
}

extension ScheduleDescription.Shape {
  /// How much of the way is gone after `fraction` of the decay; 0 at 0 and 1 at 1.
  func progress(_ fraction: Double) -> Double {
    switch self {
    case .linear, .exponential: fraction
    case .cosine: (1 - cos(.pi * fraction)) / 2
    case .squareRoot: fraction.squareRoot()
    case .square: fraction * fraction
    }
  }
}
