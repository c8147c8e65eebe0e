package import Parametrizations
import Runs
package import Tensors

/// Stochastic gradient descent with momentum, as PyTorch has it.
///
/// The momentum is a sum and no mean: at its equilibrium a step is 1/(1 - momentum) times as long.
package struct SGD: SeparateOptimizer {
  package let momentum: Double
  /// The share of each gradient after the first that is left out of the momentum.
  package let dampening: Double
  /// Whether a step looks ahead by the momentum (Nesterov).
  package let isNesterov: Bool
  /// Whether λ times the weight is added to the gradient, in place of shrinking the weight by ηλ.
  package let isCoupled: Bool

  package init(momentum: Double, dampening: Double, isNesterov: Bool, isCoupled: Bool) {
    self.momentum = momentum
    self.dampening = dampening
    self.isNesterov = isNesterov
    self.isCoupled = isCoupled
  }

  package func states(of spec: ParameterSpec) -> [OptimizerState] {
    momentum > 0 ? [OptimizerState("momentum", like: spec)] : []
  }

  package func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine
  ) {
    let weight = parameter.weight
    let (scale, learningRate) = (Scalar(step.gradientScale), parameter.learningRate)
    let decay = isCoupled ? Scalar(parameter.settings.weightDecay) : 0
    let shrinking = isCoupled ? 1 : parameter.shrinking
    let (momentum, rest) = (Scalar(momentum), step.number == 1 ? 1 : Scalar(1 - dampening))
    for index in weight.indices {
      var direction = scale * parameter.gradient[index] + decay * weight[index]
      if let buffer = parameter.states.first {
        buffer[index] = momentum * buffer[index] + rest * direction
        direction = isNesterov ? direction + momentum * buffer[index] : buffer[index]
      }
      weight[index] = shrinking * weight[index] - learningRate * direction
    }
  }
}

extension SGD {
  static let kind = OptimizerKind(
    "sgd", source: "Sutskever et al. 2013 (momentum), as PyTorch has it",
    reference: "torch.optim.SGD", decays: [.decoupled, .independent, .coupled],
    settings: [
      .momentum(0.9),
      OptimizerSetting(
        "dampening", .number(.closed(0...1), standard: 0),
        "the share of each gradient that is left out of the momentum"),
      OptimizerSetting(
        "nesterov", .flag(standard: false), "whether a step looks ahead by the momentum"),
    ]
  ) { settings throws(OptimizerError) in
    let (momentum, dampening) = (settings.number("momentum"), settings.number("dampening"))
    guard !settings.flag("nesterov") || (momentum > 0 && dampening == 0) else {
      throw settings.error(
        "nesterov", "true", expected: "a momentum above 0 and no dampening with it")
    }
    return SGD(
      momentum: momentum, dampening: dampening, isNesterov: settings.flag("nesterov"),
      isCoupled: settings.isCoupled)
  }
}
