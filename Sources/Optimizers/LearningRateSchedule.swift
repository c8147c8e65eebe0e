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
    guard tokens > start else { return 1 }
    let done = min(1, (tokens - start) / (Double(horizon) - start))
    let left = 1 - description.decayShape.progress(done)
    return description.floor + (1 - description.floor) * left
  }

  /// The factor of the update that `tokens` tokens precede and `batchTokens` make.
  ///
  /// Taken in the middle of its tokens, so that neither the first update nor the last is lost and the
  /// mean factor is the same for every batch size.
  package func factor(before tokens: Int, batchTokens: Int) -> Double {
    factor(at: Double(tokens) + Double(batchTokens) / 2)
  }

  /// Where the decay begins, in tokens; the end of the run where there is none.
  package var decayStart: Double {
    let end = Double(horizon)
    return switch description.kind {
    case .wsd: end - description.decayFraction * end
    case .cosine, .linear: min(Double(description.warmupTokens), end)
    case .constant: end
    }
  }
}

extension ScheduleDescription.Shape {
  /// How much of the way is gone after `fraction` of the decay; 0 at 0 and 1 at 1.
  func progress(_ fraction: Double) -> Double {
    switch self {
    case .linear: fraction
    case .cosine: (1 - cos(.pi * fraction)) / 2
    case .squareRoot: fraction.squareRoot()
    }
  }
}
