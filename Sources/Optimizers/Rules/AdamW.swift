import Foundation
package import Parametrizations
import Runs
package import Tensors

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101) as PyTorch has it,
/// and with the decay added to the gradient, as PyTorch's Adam has it.
///
/// ε is added to the root of the corrected moment.
package struct AdamW: SeparateOptimizer {
  package let beta1: Double
  package let beta2: Double
  /// Whether λ times the weight is added to the gradient, in place of shrinking the weight by ηλ.
  package let isCoupled: Bool

  package init(beta1: Double, beta2: Double, isCoupled: Bool = false) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.isCoupled = isCoupled
  }

  package func states(of spec: ParameterSpec) -> [OptimizerState] {
    [OptimizerState("moment1", like: spec), OptimizerState("moment2", like: spec)]
  }

  package func move(
    _ parameters: [OptimizedParameter], _ step: inout OptimizerStep, _ engine: Engine
  ) {
    for parameter in parameters {
      if isCoupled, parameter.settings.weightDecay != 0 {
        switch engine.precision {
        case .single: move(ParameterBuffers<Float>(parameter), step, engine)
        case .double: move(ParameterBuffers<Double>(parameter), step, engine)
        }
        continue
      }
      parameter.weight.adamW(
        moment1: parameter.states[0], moment2: parameter.states[1], gradient: parameter.gradient,
        AdamWNumbers(
          learningRate: parameter.settings.learningRate, beta1: beta1, beta2: beta2,
          epsilon: parameter.settings.epsilon, weightDecay: parameter.settings.weightDecay,
          correction1: 1 - pow(beta1, Double(step.number)),
          correction2: 1 - pow(beta2, Double(step.number)), gradientScale: step.gradientScale),
        engine)
    }
  }

  /// The coupled form.
  package func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine
  ) {
    let direction = AdamDirection<Scalar>(self, parameter.settings, step)
    let decay = Scalar(parameter.settings.weightDecay)
    let (weight, first, second) = (parameter.weight, parameter.states[0], parameter.states[1])
    let (scale, learningRate) = (Scalar(step.gradientScale), parameter.learningRate)
    for index in weight.indices {
      let gradient = scale * parameter.gradient[index] + decay * weight[index]
      weight[index] -= learningRate * direction.advance(&first[index], &second[index], gradient)
    }
  }
}

/// The direction of Adam: the corrected first moment over the root of the corrected second one.
struct AdamDirection<Scalar: EngineScalar> {
  let beta1, beta2, correction1, correction2, epsilon: Scalar
  let rest1, rest2: Scalar

  init(beta1: Double, beta2: Double, epsilon: Double, step: Int) {
    (self.beta1, self.beta2) = (Scalar(beta1), Scalar(beta2))
    (rest1, rest2) = (Scalar(1 - beta1), Scalar(1 - beta2))
    correction1 = Scalar(1 - pow(beta1, Double(step)))
    correction2 = Scalar(1 - pow(beta2, Double(step)))
    self.epsilon = Scalar(epsilon)
  }

  init(_ rule: AdamW, _ settings: ParameterSettings, _ step: OptimizerStep) {
    self.init(
      beta1: rule.beta1, beta2: rule.beta2, epsilon: settings.epsilon, step: step.number)
  }

  /// Takes a gradient into both moments.
  @inline(__always)
  func advance(_ first: inout Scalar, _ second: inout Scalar, _ gradient: Scalar) -> Scalar {
    first = beta1 * first + rest1 * gradient
    second = beta2 * second + rest2 * gradient * gradient
    return first / correction1 / ((second / correction2).squareRoot() + epsilon)
  }
}

extension AdamW {
  static let kind = OptimizerKind(
    "adamw", source: "Loshchilov and Hutter 2019, arXiv 1711.05101",
    reference: "torch.optim.AdamW, torch.optim.Adam", common: [.betas, .epsilon],
    decays: [.decoupled, .independent, .coupled]
  ) { settings throws(OptimizerError) in
    AdamW(beta1: settings.beta1, beta2: settings.beta2, isCoupled: settings.isCoupled)
  }
}
