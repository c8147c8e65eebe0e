/// A law that gives the loss at every step from the learning rates up to it.
package protocol LossCurveLaw: Sendable {
  /// The loss at each knot of `path`, in the order of the knots.
  func losses(along path: LearningRatePath) -> [Double]
  /// The loss at the end of `path`.
  func finalLoss(of path: LearningRatePath) -> Double
  /// The law's constants as they are written in its formula, with their values.
  var constants: [LawConstant] { get }
}

/// A constant of a law by its letter.
package struct LawConstant: Hashable, Sendable {
  package var symbol: String
  package var value: Double
}

/// Which law is fitted.
package enum LossCurveForm: String, CaseIterable, Codable, Sendable {
  case multiPower = "multi-power"
  case annealing

  package var formula: String {
    switch self {
    case .multiPower:
      "L(t) = L0 + A S(t)^-α - B Σ (η(k-1) - η(k)) [1 - (1 + C η(k)^-γ S(k..t))^-β]"
    case .annealing: "L(t) = L0 + A S(t)^-α - C S2(t),  S2 = Σ Σ (η(k-1) - η(k)) λ^(i-k)"
    }
  }

  package var source: String {
    switch self {
    case .multiPower: "Luo et al. 2025, arXiv 2503.12811"
    case .annealing: "Tissue et al. 2024, arXiv 2408.11029; λ is fitted, not taken from the paper"
    }
  }
}
