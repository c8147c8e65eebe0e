import RealModule
package import Parametrizations
package import Tensors

/// Adam without an ε: an arc tangent bounds the ratio of the moments.
///
/// Everett et al. 2024, arXiv 2407.05872, with decoupled decay.
package struct AdamAtan2: SeparateOptimizer {
  package let beta1: Double
  package let beta2: Double
  /// Multiplies the arc tangent.
  package let scale: Double
  /// Multiplies the root of the second moment.
  package let slope: Double

  package init(beta1: Double, beta2: Double, scale: Double, slope: Double) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.scale = scale
    self.slope = slope
  }

  package func states(of spec: ParameterSpec) -> [OptimizerState] {
    [OptimizerState("moment1", like: spec), OptimizerState("moment2", like: spec)]
  }

  package func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine
  ) {
    let moments = AdamDirection<Scalar>(beta1: beta1, beta2: beta2, epsilon: 0, step: step.number)
    let (weight, first, second) = (parameter.weight, parameter.states[0], parameter.states[1])
    let (slope, factor) = (Scalar(slope), parameter.learningRate * Scalar(scale))
    let (gradientScale, shrinking) = (Scalar(step.gradientScale), parameter.shrinking)
    for index in weight.indices {
      _ = moments.advance(&first[index], &second[index], gradientScale * parameter.gradient[index])
      let root = slope * (second[index] / moments.correction2).squareRoot()
      let angle = Scalar.atan2(y: first[index] / moments.correction1, x: root)
      weight[index] = shrinking * weight[index] - factor * angle
    }
  }
}

extension AdamAtan2 {
  static let kind = OptimizerKind(
    "adam-atan2", source: "Everett et al. 2024, arXiv 2407.05872",
    reference: "adam-atan2-pytorch", common: [.betas],
    settings: [
      OptimizerSetting(
        "scale", .number(.positive, standard: 1.27), "multiplies the arc tangent"),
      OptimizerSetting(
        "slope", .number(.positive, standard: 1), "multiplies the root of the second moment"),
    ]
  ) { settings throws(OptimizerError) in
    AdamAtan2(
      beta1: settings.beta1, beta2: settings.beta2, scale: settings.number("scale"),
      slope: settings.number("slope"))
  }
}
