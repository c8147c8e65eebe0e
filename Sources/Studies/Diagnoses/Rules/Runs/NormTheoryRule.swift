import Runs

/// The norm did not follow the theory curve.
struct NormTheoryRule: RunRule {
  /// On a scale-invariant toy the two agree within 8 %; twice that is something else.
  static let leastDeviation = 0.15

  func findings(in diagnosis: RunDiagnosis) -> [Finding] {
    guard diagnosis.run.weightDecay != nil else { return [] }
    return diagnosis.roles.compactMap { role in
      guard let deviation = role.deviation, abs(deviation) >= Self.leastDeviation else {
        return nil
      }
      let percent = (100 * abs(deviation)).rounded(significant: 2).plain
      return Finding(
        .normOffTheory, .note, at: role.role,
        seen: "the norm of the \(role.role) weights is up to \(percent) % "
          + "\(deviation > 0 ? "above" : "below") the theory curve",
        meaning: deviation > 0
          ? "steps add up more than noise would: gradients have a steady part, or one that points outward. "
            + "Equilibrium is then later and higher than √(η/2λ) says"
          : "steps take back what earlier ones did, or gradients point inward: equilibrium is then lower than "
            + "√(η/2λ) says",
        source: "Su 2025; arXiv 2606.29158",
        evidence: [.init("deviation", deviation), .init("threshold", Self.leastDeviation)])
    }
  }
}
