import Runs
import ScalingLaws

/// Single steps turn the weights by much.
struct LargeStepRule: RunRule {
  /// Of an update over its weights.
  static let high = 0.1

  func findings(in diagnosis: RunDiagnosis) -> [Finding] {
    diagnosis.roles.compactMap { role in
      // Embeddings of rare tokens and gains begin near zero, where any step is large.
      let late = role.points.filter { 2 * $0.step > diagnosis.run.stepsMade }
      guard late.count >= Trend.leastPoints, let share = late.map(\.updateShare).median,
        share >= Self.high
      else { return nil }
      return Finding(
        .largeSteps, .caution, at: role.role,
        seen:
          "a step moves the \(role.role) weights by \((100 * share).rounded(significant: 2)) % of their "
          + "size (median of the second half)",
        meaning: Self.memory(of: role.role, share, diagnosis)
          + "noise of batches stays in the loss. Lower the rate or the weight decay, or begin from larger "
          + "weights",
        evidence: [.init("update_over_weight", share), .init("threshold", Self.high)])
    }
  }

  /// How many steps weights remember in equilibrium: 2/r², where r is what a step adds up to over the
  /// weights; nothing where that is not known of the rule.
  private static func memory(
    of role: String, _ share: Double, _ diagnosis: RunDiagnosis
  ) -> String {
    guard let optimizer = diagnosis.run.description?.optimizer,
      let memory = DirectionMemory(of: optimizer, role: role)
    else { return "" }
    let square = share * share * memory.accumulation(at: diagnosis.run.stepsMade)
    return "weights remember about \((2 / square).rounded(significant: 2).plain) steps: "
  }
}
