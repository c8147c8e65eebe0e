import Optimizers
import Parametrizations
import RealModule
package import Runs

/// How large a step of a trained run is in normalised weight space, from looks at its weights.
///
/// At each look, e = √(Σ n d² / Σ n) / f over the hidden matrices (those of experts too): d is the
/// displacement ‖ŵ(t+1) - ŵ(t)‖ of a matrix with ŵ = w / ‖w‖ (arXiv 2606.29158), n how many weights it
/// has, and f the schedule's factor, which steps are proportional to. The rate of the run is the
/// geometric mean of e over the looks at the peak: after the warm-up, before the decay, where the factor
/// is at least nine tenths of the largest that was looked at; and of these over the later half, by
/// tokens, when norms have had time to settle.
package enum EffectiveRate {
  /// - Parameters:
  ///   - run: As it was trained.
  ///   - looks: Of the run, and of its trunk up to where it leaves it; others are passed over.
  /// - Returns: `nil` where the peak was not looked at, or no matrix moved.
  package static func of(
    _ run: RunDescription, _ looks: [(event: TrainingEvent, telemetry: Telemetry)]
  ) -> Double? {
    let schedule = LearningRateSchedule(run.schedule, horizon: run.trainedTokens)
    let end = schedule.peakEnd
    let peaks = looks.compactMap {
      event, telemetry -> (tokens: Int, factor: Double, rate: Double)? in
      // A trunk is looked at where it ends, which is no place of a run that goes on.
      guard run.isTelemetryDue(in: event.step), let size = displacement(telemetry) else {
        return nil
      }
      let before = run.batches.tokens(after: event.step - 1)
      guard before >= run.schedule.warmupTokens, Double(event.tokens) <= end else { return nil }
      let factor = schedule.factor(of: event.step, in: run.batches)
      return factor > 0 ? (event.tokens, factor, size / factor) : nil
    }
    let largest = peaks.map(\.factor).max() ?? 0
    let high = peaks.filter { $0.factor >= nearPeak * largest }
    guard let first = high.map(\.tokens).min(), let last = high.map(\.tokens).max() else {
      return nil
    }
    let late = high.filter { 2 * $0.tokens >= first + last }
    return .exp(late.reduce(0) { $0 + .log($1.rate) } / Double(late.count))
  }

  /// Schedules without a flat part have a peak too.
  private static let nearPeak = 0.9

  /// The root mean square over weights of the displacements of hidden matrices.
  private static func displacement(_ telemetry: Telemetry) -> Double? {
    var (squares, weights) = (0.0, 0.0)
    for matrix in telemetry.matrices where hidden.contains(matrix.role) && matrix.isFinite {
      let count = Double(matrix.rows * matrix.columns)
      squares += count * matrix.displacement * matrix.displacement
      weights += count
    }
    return squares > 0 ? (squares / weights).squareRoot() : nil
  }

  private static let hidden = Set(SplitOptimizer.hidden.map(\.rawValue))
}

extension LearningRateSchedule {
  /// Where the peak ends, in tokens, at the latest: a schedule that decays all along has no such place
  /// but its end.
  fileprivate var peakEnd: Double {
    let decaysAllAlong = decayStart <= Double(description.warmupTokens)
    return decaysAllAlong ? Double(horizon) : decayStart
  }
}
