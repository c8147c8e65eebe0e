package import Parametrizations
package import Tensors

/// The sign of a momentum that is ahead of the one it keeps.
///
/// Chen et al. 2023, arXiv 2302.06675, with decoupled decay.
package struct Lion: SeparateOptimizer {
  package let beta1: Double
  package let beta2: Double

  package init(beta1: Double, beta2: Double) {
    self.beta1 = beta1
    self.beta2 = beta2
  }

  package func states(of spec: ParameterSpec) -> [OptimizerState] {
    [OptimizerState("momentum", like: spec)]
  }

  package func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine
  ) {
    let (weight, momentum) = (parameter.weight, parameter.states[0])
    let (beta1, rest1) = (Scalar(beta1), Scalar(1 - beta1))
    let (beta2, rest2) = (Scalar(beta2), Scalar(1 - beta2))
    let (scale, learningRate) = (Scalar(step.gradientScale), parameter.learningRate)
    let shrinking = parameter.shrinking
    for index in weight.indices {
      let gradient = scale * parameter.gradient[index]
      let mixed = beta1 * momentum[index] + rest1 * gradient
      let sign: Scalar = mixed > 0 ? 1 : mixed < 0 ? -1 : mixed
      weight[index] = shrinking * weight[index] - learningRate * sign
      momentum[index] = beta2 * momentum[index] + rest2 * gradient
    }
  }
}

extension Lion {
  static let kind = OptimizerKind(
    "lion", source: "Chen et al. 2023, arXiv 2302.06675", reference: "lion-pytorch",
    common: [.betas]
  ) { settings throws(OptimizerError) in
    Lion(beta1: settings.beta1, beta2: settings.beta2)
  }
}
