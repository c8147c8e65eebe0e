/// What a fitted law says of schedules of one length.
package struct ScheduleAdvice: Sendable {
  /// One schedule with the loss that it would end at.
  package struct Choice: Sendable {
    package var name: String
    package var schedule: PlannedSchedule
    package var finalLoss: Estimate
    /// How much worse than the best decay fraction, in the unit of the loss.
    package var excess: Estimate
  }

  package var steps: Int
  package var floor: Double
  /// The final loss of warmup-stable-decay schedules with a linear decay, by ascending fraction.
  package var fractions: [Choice]
  /// Fractions that are not among them, whose decay would begin within the warm-up.
  package var leftOut: [Double]
  /// The one among `fractions` with the least loss.
  package var best: Choice
  /// The fractions that lose less than `tolerance`.
  package var flat: ClosedRange<Double>
  /// What is used instead: cosine and linear over the whole run, and no decay.
  package var alternatives: [Choice]
  /// Differences below this are not to be believed: the scatter of a measured loss late in the fitted
  /// curves, or how far the law misses final losses of curves that were not fitted where that is more.
  package var tolerance: Double
  package var warnings: [FitWarning]

  private static let fractionsAsked = [
    0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
  ]

  /// - Parameters:
  ///   - fit: The law.
  ///   - steps: The length of the run, warm-up included.
  ///   - floor: The last rate over the peak; by default the least that the fitted curves reach.
  ///   - misses: Errors of final losses of curves that were not fitted, over the loss.
  /// - Throws: `.stepsInWarmup` for a run without room for the shortest decay after its warm-up.
  package init(
    _ fit: LossCurveFit, steps: Int, floor: Double? = nil, misses: [Double] = []
  ) throws(LossCurveError) {
    let peak = fit.curves.map(\.curve.peakRate).max() ?? 0
    let floor = floor ?? fit.leastRateShare
    let warmup = fit.warmupSteps
    func schedule(_ fraction: Double, _ decay: PlannedSchedule.Decay) -> PlannedSchedule {
      PlannedSchedule(
        steps: steps, warmupSteps: warmup, peakRate: peak, floor: floor,
        decayFraction: fraction, decay: decay)
    }
    let fractions = Self.fractionsAsked.filter { $0 * Double(steps) <= Double(steps - warmup) }
    guard !fractions.isEmpty else {
      let needed = (Double(warmup) / (1 - Self.fractionsAsked[0])).rounded(.up)
      throw .stepsInWarmup(steps, warmup: warmup, needed: Int(needed) + 1)
    }
    let asked =
      fractions.map {
        ("decay over \(Int((100 * $0).rounded())) %", schedule($0, .linear))
      }
      + [
        ("cosine over the whole run", schedule(1, .cosine)),
        ("linear over the whole run", schedule(1, .linear)),
        ("no decay", schedule(0, .linear)),
      ]
    let paths = asked.map(\.1.path)
    let losses = paths.map { fit.law.finalLoss(of: $0) }
    let drawn = fit.draws.map { draw in paths.map { draw.finalLoss(of: $0) } }
    let count = fractions.count
    let bestPlace = (0..<count).min { losses[$0] < losses[$1] } ?? 0
    let choices = asked.indices.map { place in
      Choice(
        name: asked[place].0, schedule: asked[place].1,
        finalLoss: Estimate(
          value: losses[place], sample: drawn.map { $0[place] }, confidence: fit.confidence
        ).holdingValue,
        excess: Estimate(
          value: losses[place] - losses[bestPlace],
          sample: drawn.map { $0[place] - $0[bestPlace] }, confidence: fit.confidence
        ).holdingValue)
    }
    for choice in choices where !(choice.finalLoss.isFinite && choice.excess.isFinite) {
      throw .noPrediction("a run of \(steps) steps, \(choice.name)")
    }
    let miss = (misses.reduce(0) { $0 + $1 * $1 } / Double(max(misses.count, 1))).squareRoot()
    let tolerance = max(fit.noise, miss) * losses[bestPlace]
    let flat = (0..<count).filter { losses[$0] - losses[bestPlace] <= tolerance }
    self.steps = steps
    self.floor = floor
    self.fractions = Array(choices.prefix(count))
    leftOut = Self.fractionsAsked.filter { !fractions.contains($0) }
    best = choices[bestPlace]
    self.flat =
      fractions[flat.first ?? bestPlace]...fractions[flat.last ?? bestPlace]
    alternatives = Array(choices.dropFirst(count))
    self.tolerance = tolerance
    warnings = fit.warnings(
      forSteps: steps, leastRate: floor * peak, of: "a run of --steps \(steps)")
  }
}
