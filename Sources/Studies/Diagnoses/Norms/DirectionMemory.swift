import Optimizers
import Parametrizations
import RealModule
package import Runs

/// How much longer the sum of successive directions is than directions that know nothing of each other
/// would make it.
///
/// A direction with momentum repeats what came before, so the u of a single step is not that which
/// the norm grows by. Where the gradients themselves know nothing of each other, momentum is a filter
/// of known weights w, and u² of the sum is that of a step times (Σ w)² / Σ w².
package enum DirectionMemory: Hashable, Sendable {
  /// A mean whose start is corrected for, over a slow second moment, as Adam has it.
  case correctedMean(Double)
  /// A sum, with a look ahead or without.
  case sum(Double, isNesterov: Bool)

  /// The memory of a rule whose direction is such a filter; `nil` for one whose is not.
  package init?(of optimizer: OptimizerDescription, role: String) {
    func number(_ name: String, or standard: Double) -> Double {
      if case .number(let value) = optimizer.settings[name] { value } else { standard }
    }
    let kind = try? OptimizerCatalog.kind(optimizer.name)
    let isHidden = SplitOptimizer.hidden.contains { $0.rawValue == role }
    // What a rule of matrices leaves is AdamW's; where it moves the read-out too, no more is known of that.
    if kind?.isForMatrices == true, !isHidden, role != ParameterRole.output.rawValue {
      self = .correctedMean(optimizer.betas.first ?? 0)
      return
    }
    switch optimizer.name {
    case "adamw", "adam-mini": self = .correctedMean(optimizer.betas.first ?? 0)
    case "sgd":
      self = .sum(
        number("momentum", or: Self.usualMomentum),
        isNesterov: optimizer.settings["nesterov"] == .flag(true))
    default: return nil
    }
  }

  private static let usualMomentum = 0.9

  /// Whether u is 1 where gradients are noise, so that the law holds as it is printed.
  package var hasUnitSum: Bool {
    if case .correctedMean = self { true } else { false }
  }

  /// u² of the sum over u² of the step of this number.
  package func accumulation(at step: Int) -> Double {
    switch self {
    case .correctedMean(let kept):
      let faded = Double.pow(kept, step)
      return (1 + kept) * (1 - faded) / ((1 - kept) * (1 + faded))
    case .sum(let kept, isNesterov: false):
      return (1 + kept) / ((1 - kept) * (1 - .pow(kept, 2 * step)))
    case .sum(let kept, isNesterov: true):
      // Its weights are 1 + μ for the newest gradient and μ^(k+1) for the k-th before it.
      let older = kept * kept * kept * kept * (1 - .pow(kept, 2 * (step - 1))) / (1 - kept * kept)
      return 1 / ((1 - kept) * (1 - kept) * ((1 + kept) * (1 + kept) + older))
    }
  }
}
