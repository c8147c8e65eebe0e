import Foundation
package import Parametrizations
import Runs
package import Tensors

/// Adam that estimates how far the weights must go, and takes its rate from that (Defazio and
/// Mishchenko 2023, arXiv 2301.07733, as the package dadaptation has it).
///
/// The learning rate multiplies the estimate; 1 leaves it. Rates that differ between parameters are
/// the package's layer scales; decay is by each parameter's own, where the package takes the largest.
package struct DAdaptation: Optimizer {
  package let beta1: Double
  package let beta2: Double
  /// The first estimate of the distance.
  package let firstDistance: Double
  /// The most that the estimate grows by in a step.
  package let growth: Double
  package let isBiasCorrected: Bool
  /// Whether λ times the weight is added to the gradient, in place of shrinking the weight.
  package let isCoupled: Bool

  package init(
    beta1: Double, beta2: Double, firstDistance: Double, growth: Double = .infinity,
    isBiasCorrected: Bool = false, isCoupled: Bool = false
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.firstDistance = firstDistance
    self.growth = growth
    self.isBiasCorrected = isBiasCorrected
    self.isCoupled = isCoupled
  }

  /// The distance, and the numerator of its estimate.
  package var numbers: [Double] { [firstDistance, 0] }

  package func states(of spec: ParameterSpec) -> [OptimizerState] {
    ["moment1", "moment2", "gradient_sum"].map { OptimizerState($0, like: spec) }
  }

  package func move(
    _ parameters: [OptimizedParameter], _ step: inout OptimizerStep, _ engine: Engine
  ) {
    switch engine.precision {
    case .single: move(parameters.map(ParameterBuffers<Float>.init), &step)
    case .double: move(parameters.map(ParameterBuffers<Double>.init), &step)
    }
  }

  private func move<Scalar: EngineScalar>(
    _ parameters: [ParameterBuffers<Scalar>], _ step: inout OptimizerStep
  ) {
    let base = parameters.map(\.settings.learningRate).max() ?? 0
    guard base > 0 else { return }
    let correction =
      isBiasCorrected
      ? (1 - pow(beta2, Double(step.number))).squareRoot() / (1 - pow(beta1, Double(step.number)))
      : 1
    let rate = step.numbers[0] * base * correction
    var (numerator, sum) = (0.0, 0.0)
    for parameter in parameters {
      let layer = parameter.settings.learningRate / base
      let (dot, absolute) = gather(parameter, rate, layer, step.gradientScale)
      numerator += layer * rate * dot
      sum += layer * absolute
    }
    guard sum > 0 else { return }
    let kept = beta2.squareRoot()
    step.numbers[1] = kept * step.numbers[1] + (1 - kept) * numerator
    let estimate = step.numbers[1] / ((1 - kept) * sum)
    step.numbers[0] = max(step.numbers[0], min(estimate, step.numbers[0] * growth))
    for parameter in parameters {
      apply(parameter, decayRate: rate * parameter.settings.learningRate / base)
    }
  }

  /// Takes the gradients in.
  ///
  /// - Returns: The gradients times their weighted sum so far, and the size of the sum with them.
  private func gather<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ rate: Double, _ layer: Double, _ gradientScale: Double
  ) -> (dot: Double, absolute: Double) {
    let (first, second, sums) = (parameter.states[0], parameter.states[1], parameter.states[2])
    let decay = isCoupled ? Scalar(parameter.settings.weightDecay) : 0
    let (scale, epsilon) = (Scalar(gradientScale), Scalar(parameter.settings.epsilon))
    let kept = beta2.squareRoot()
    let (keptSum, restSum) = (Scalar(kept), Scalar((1 - kept) * rate))
    let (beta1, rest1) = (Scalar(beta1), Scalar((1 - beta1) * rate * layer))
    let (beta2, rest2) = (Scalar(beta2), Scalar(1 - beta2))
    var (dot, absolute) = (0.0, 0.0)
    for index in parameter.weight.indices {
      let gradient = scale * parameter.gradient[index] + decay * parameter.weight[index]
      dot += Double(gradient * sums[index] / (second[index].squareRoot() + epsilon))
      first[index] = beta1 * first[index] + rest1 * gradient
      second[index] = beta2 * second[index] + rest2 * gradient * gradient
      sums[index] = keptSum * sums[index] + restSum * gradient
      absolute += Double(abs(sums[index]))
    }
    return (dot, absolute)
  }

  private func apply<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, decayRate: Double
  ) {
    let epsilon = Scalar(parameter.settings.epsilon)
    let shrinking = isCoupled ? 1 : Scalar(1 - decayRate * parameter.settings.weightDecay)
    let (weight, first, second) = (parameter.weight, parameter.states[0], parameter.states[1])
    for index in weight.indices {
      weight[index] =
        shrinking * weight[index] - first[index] / (second[index].squareRoot() + epsilon)
    }
  }
}

extension DAdaptation {
  static let kind = OptimizerKind(
    "d-adaptation", source: "Defazio and Mishchenko 2023, arXiv 2301.07733",
    reference: "dadaptation's DAdaptAdam", version: 2, common: [.betas, .epsilon],
    decays: [.decoupled, .coupled],
    settings: OptimizerSetting.distance,
    scalesRates: true
  ) { settings throws(OptimizerError) in
    DAdaptation(
      beta1: settings.beta1, beta2: settings.beta2,
      firstDistance: settings.number("first_distance"),
      growth: settings.optional("growth") ?? .infinity,
      isBiasCorrected: settings.flag("bias_corrected"), isCoupled: settings.isCoupled)
  }
}
