package import Parametrizations
package import Tensors

/// SGD whose rates are set once for each parameter, by the signal over the noise of its first gradient.
///
/// Xu et al. 2024, arXiv 2412.11768, with decoupled decay. The package multiplies by 0 for ever where the
/// first gradient is 0, and by that of norm over ε where it has no deviation, as a single number; here
/// the first gradient is the first that is not 0, and what has no deviation is moved as by SGD.
package struct SGDSaI: SeparateOptimizer {
  /// The share of the momentum that a step keeps.
  package let momentum: Double

  package init(momentum: Double) { self.momentum = momentum }

  package func states(of spec: ParameterSpec) -> [OptimizerState] {
    [OptimizerState("momentum", like: spec), OptimizerState("signal_to_noise", [1])]
  }

  package func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine
  ) {
    let (weight, average, ratio) = (
      parameter.weight, parameter.states[0], parameter.states[1]
    )
    if ratio[0] == 0 {
      ratio[0] = Scalar(
        Self.signalToNoise(
          parameter.gradient, scale: step.gradientScale, parameter.settings.epsilon))
    }
    average.blend(
      keeping: step.number == 1 ? 0 : momentum, with: parameter.gradient,
      times: step.gradientScale)
    let (shrinking, rate) = (parameter.shrinking, parameter.learningRate * ratio[0])
    for index in weight.indices {
      weight[index] = shrinking * weight[index] - rate * average[index]
    }
  }

  /// The norm over the standard deviation, 1 where there is none; 0 for a gradient of 0, which says nothing.
  private static func signalToNoise<Scalar: EngineScalar>(
    _ gradient: UnsafeMutableBufferPointer<Scalar>, scale: Double, _ epsilon: Double
  ) -> Double {
    let count = Double(gradient.count)
    let norm = gradient.norm
    guard norm > 0 else { return 0 }
    let mean = gradient.reduce(0) { $0 + Double($1) } / count
    let squares = gradient.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    guard squares > 0 else { return 1 }
    let deviation = (squares / (count - 1)).squareRoot()
    return scale * norm / (scale * deviation + epsilon)
  }
}

extension SGDSaI {
  static let kind = OptimizerKind(
    "sgd-sai", source: "Xu et al. 2024, arXiv 2412.11768", reference: "sgd-sai", version: 2,
    common: [.epsilon], settings: [.momentum(0.9)]
  ) { settings throws(OptimizerError) in
    SGDSaI(momentum: settings.number("momentum"))
  }
}
