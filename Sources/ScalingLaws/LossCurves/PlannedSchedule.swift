import RealModule

/// A schedule that is asked about: a warm-up, the peak, and a decay of a certain shape.
package struct PlannedSchedule: Hashable, Sendable {
  package enum Decay: String, CaseIterable, Codable, Sendable {
    case linear, cosine
  }

  package var steps: Int
  package var warmupSteps: Int
  package var peakRate: Double
  /// The last rate, over the peak.
  package var floor: Double
  /// The part of the steps over which the rate decays.
  package var decayFraction: Double
  package var decay: Decay

  package init(
    steps: Int, warmupSteps: Int, peakRate: Double, floor: Double, decayFraction: Double,
    decay: Decay
  ) {
    self.steps = steps
    self.warmupSteps = warmupSteps
    self.peakRate = peakRate
    self.floor = floor
    self.decayFraction = decayFraction
    self.decay = decay
  }

  /// More change a predicted final loss by less than a tenth of a thousandth.
  private static let decayPieces = 100

  package var path: LearningRatePath {
    var path = LearningRatePath.warmup(to: peakRate, over: warmupSteps)
    let decaySteps = min(Int((decayFraction * Double(steps)).rounded()), steps - warmupSteps)
    path.hold(steps - warmupSteps - decaySteps)
    guard decaySteps > 0 else { return path }
    let start = path.end.step
    for piece in 1...Self.decayPieces {
      let step = decaySteps * piece / Self.decayPieces
      let share = Double(step) / Double(decaySteps)
      let remaining: Double
      switch decay {
      case .linear: remaining = 1 - share
      case .cosine: remaining = (1 + .cos(.pi * share)) / 2
      }
      path.ramp(
        to: peakRate * (floor + (1 - floor) * remaining), over: start + step - path.end.step)
    }
    return path
  }
}
