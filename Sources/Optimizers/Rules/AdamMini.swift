import Foundation
package import Parametrizations
package import Tensors

/// AdamW with one second moment for each block: a head of queries or keys, a row of any other matrix, a
/// gain as a whole.
///
/// Zhang et al. 2024, arXiv 2406.16793, with decoupled decay.
package struct AdamMini: SeparateOptimizer {
  package let beta1: Double
  package let beta2: Double
  /// How many blocks a parameter has, of equal length in memory.
  package let blocks: @Sendable (ParameterSpec) -> Int

  package init(
    beta1: Double, beta2: Double,
    blocks: @escaping @Sendable (ParameterSpec) -> Int = Self.usualBlocks
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.blocks = blocks
  }

  /// Those of the package: a block for each head, else for each row of a matrix, for each token of a table,
  /// for each number of a bias, and one for a gain.
  package static func usualBlocks(of spec: ParameterSpec) -> Int {
    switch spec.role {
    case .norm, .scalar: 1
    case .bias: spec.shape.count
    case .embedding: spec.shape.fanIn
    default: spec.shape.stack * (spec.heads ?? spec.shape.fanOut)
    }
  }

  package func states(of spec: ParameterSpec) -> [OptimizerState] {
    [OptimizerState("moment1", like: spec), OptimizerState("block_moment2", [blocks(spec)])]
  }

  package func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine
  ) {
    let (first, moments) = (parameter.states[0], parameter.states[1])
    let (weight, gradient) = (parameter.weight, parameter.gradient)
    first.blend(keeping: beta1, with: gradient, times: step.gradientScale)
    let correction1 = 1 - pow(beta1, Double(step.number))
    let correction2 = 1 - pow(beta2, Double(step.number))
    let shrinking = parameter.shrinking
    let length = weight.count / moments.count
    let squareScale = step.gradientScale * step.gradientScale
    for block in moments.indices {
      let range = block * length..<(block + 1) * length
      let mean = squareScale * gradient.part(range).sumOfSquares / Double(length)
      let moment = beta2 * Double(moments[block]) + (1 - beta2) * mean
      moments[block] = Scalar(moment)
      let root = (moment / correction2).squareRoot() + parameter.settings.epsilon
      let rate = Scalar(parameter.settings.learningRate / correction1 / root)
      for index in range { weight[index] = shrinking * weight[index] - rate * first[index] }
    }
  }
}

extension AdamMini {
  static let kind = OptimizerKind(
    "adam-mini", source: "Zhang et al. 2024, arXiv 2406.16793", reference: "adam-mini", version: 2,
    common: [.betas, .epsilon]
  ) { settings throws(OptimizerError) in
    AdamMini(beta1: settings.beta1, beta2: settings.beta2)
  }
}
