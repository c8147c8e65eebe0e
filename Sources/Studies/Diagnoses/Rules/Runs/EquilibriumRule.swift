import Runs

/// Decay and steps have not come to balance, or only late.
struct EquilibriumRule: RunRule {
  /// The part of a run after which a transient is over that still shapes most of it.
  static let late = 0.4

  func findings(in diagnosis: RunDiagnosis) -> [Finding] {
    let run = diagnosis.run
    guard let sum = diagnosis.plannedDecaySum, sum > 0, run.steps > 0 else { return [] }
    let left = NormTheory.remaining(sum) * (Self.offset(diagnosis) ?? 1)
    let evidence: [Finding.Evidence] = [
      .init("two_eta_lambda_steps", sum), .init("transient_left", NormTheory.remaining(sum)),
      .init("first_offset", Self.offset(diagnosis) ?? .nan),
      .init("timescale", diagnosis.timescale ?? .nan),
    ]
    let words = "2ηλS = \(sum.rounded(significant: 2))"
    let role = diagnosis.mainRole.map { "the \($0.role) matrices" } ?? "the weights"
    if NormTheory.remaining(sum) >= NormTheory.equilibratedBelow {
      let percent = (100 * NormTheory.remaining(sum)).rounded(significant: 2).plain
      let isNear = left < NormTheory.equilibratedBelow
      return [
        Finding(
          .notEquilibrated, isNear ? .note : .caution, at: diagnosis.mainRole?.role,
          seen:
            "\(role) do not equilibrate within the run: \(words), so \(percent) % of their first "
            + "transient is left at its end" + (isNear ? ", but they began near equilibrium" : ""),
          meaning: isNear
            ? "norms hardly move, so the rate and the effective rate tell the same"
            : "in the transient the effective rate follows η, in equilibrium √(ηλ): a law in the bare "
              + "rate that is fitted here need not hold for longer runs. Extrapolate from longer "
              + "horizons, set λ so that 2ηλS is above 3, or use adamh, whose norms stay",
          source: "arXiv 2606.29158; threshold derived here", evidence: evidence)
      ]
    }
    guard let reached = diagnosis.mainRole?.equilibratedAt, left > 0 else { return [] }
    let share = Double(reached) / Double(run.steps)
    guard share > Self.late, (Self.offset(diagnosis) ?? 1) >= NormTheory.equilibratedBelow else {
      return []
    }
    return [
      Finding(
        .notEquilibrated, .note, at: diagnosis.mainRole?.role,
        seen:
          "\(role) are not equilibrated until \(Int((100 * share).rounded())) % of the run (\(words))",
        meaning:
          "shorter runs of this recipe end in the transient: their best rates are not on one line "
          + "with those of longer ones",
        source: "arXiv 2606.29158; threshold derived here",
        evidence: evidence + [.init("equilibrated_share", share)])
    ]
  }

  /// How far the first mean square was from equilibrium at the peak, over the latter.
  private static func offset(_ diagnosis: RunDiagnosis) -> Double? {
    guard let role = diagnosis.mainRole, let first = role.points.first,
      let peak = role.points.max(by: { $0.learningRate < $1.learningRate }),
      let equilibrium = peak.equilibrium, equilibrium > 0
    else { return nil }
    let ratio = first.weightRMS / equilibrium
    return abs(ratio * ratio - 1)
  }
}
