import RealModule
import Runs

/// Nothing shrinks the weights, and they grow.
struct UnboundedNormRule: RunRule {
  /// Of the norm over the whole run: less changes no effective rate that matters.
  static let leastGrowth = 0.1

  func findings(in diagnosis: RunDiagnosis) -> [Finding] {
    guard diagnosis.run.weightDecay != nil else { return [] }
    return diagnosis.roles.compactMap { role in
      guard role.matrices.allSatisfy({ $0.weightDecay == 0 }), let first = role.points.first,
        let last = role.points.last, first.weightRMS > 0,
        last.weightRMS >= (1 + Self.leastGrowth) * first.weightRMS,
        let trend = Trend.late(
          role.points.map { ($0.step, $0.weightRMS) }, of: diagnosis.run.stepsMade),
        trend.isClearRise
      else { return nil }
      let growth = last.weightRMS / first.weightRMS
      return Finding(
        .unboundedNorm, .caution, at: role.role,
        seen: "the \(role.role) weights grow without decay: their root mean square is "
          + "\(growth.rounded(significant: 3)) times the first one and rises on",
        meaning:
          "with nothing to balance steps the norm grows as √(ρ₀ + η²t), and the effective rate falls "
          + "as 1/√t: a longer run acts as one at a lower rate. Set a decoupled weight decay, or use adamh",
        source: "arXiv 2606.29158",
        evidence: [
          .init("growth", growth), .init("first_rms", first.weightRMS),
          .init("last_rms", last.weightRMS), .init("late_log_growth", trend.change),
          .init("late_log_growth_error", trend.error),
        ])
    }
  }
}
