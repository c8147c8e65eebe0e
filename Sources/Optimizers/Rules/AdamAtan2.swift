import Foundation
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

  /// Numbers whose angles are found together: they stay in the nearest cache.
  private static let atOnce = 1024

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
    let (weight, first, second) = (parameter.weight, parameter.states[0], parameter.states[1])
    let (beta1, rest1) = (Scalar(beta1), Scalar(1 - beta1))
    let (beta2, rest2) = (Scalar(beta2), Scalar(1 - beta2))
    let inverse1 = Scalar(1 / (1 - pow(self.beta1, Double(step.number))))
    let inverse2 = Scalar(slope * slope / (1 - pow(self.beta2, Double(step.number))))
    let (scale, factor) = (Scalar(step.gradientScale), parameter.learningRate * Scalar(scale))
    let shrinking = parameter.shrinking
    let part = min(Self.atOnce, weight.count)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 2 * part) { scratch in
      for start in stride(from: 0, to: weight.count, by: part) {
        let range = start..<min(start + part, weight.count)
        let angles = scratch.part(0..<range.count)
        let roots = scratch.part(part..<part + range.count)
        for (index, place) in range.enumerated() {
          let gradient = scale * parameter.gradient[place]
          let moment1 = beta1 * first[place] + rest1 * gradient
          let moment2 = beta2 * second[place] + rest2 * gradient * gradient
          (first[place], second[place]) = (moment1, moment2)
          (angles[index], roots[index]) = (inverse1 * moment1, (inverse2 * moment2).squareRoot())
        }
        Scalar.takeArcTangents(of: angles, over: roots)
        for (index, place) in range.enumerated() {
          weight[place] = shrinking * weight[place] - factor * angles[index]
        }
      }
    }
  }
}

extension AdamAtan2 {
  static let kind = OptimizerKind(
    "adam-atan2", source: "Everett et al. 2024, arXiv 2407.05872",
    reference: "adam-atan2-pytorch", version: 2, common: [.betas],
    settings: [
      OptimizerSetting(
        "scale", .number(.size, standard: 1.27), "multiplies the arc tangent"),
      OptimizerSetting(
        "slope", .number(.size, standard: 1), "multiplies the root of the second moment"),
    ]
  ) { settings throws(OptimizerError) in
    AdamAtan2(
      beta1: settings.beta1, beta2: settings.beta2, scale: settings.number("scale"),
      slope: settings.number("slope"))
  }
}
