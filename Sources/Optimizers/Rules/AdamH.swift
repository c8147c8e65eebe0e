package import Parametrizations
package import Tensors

/// Adam on the sphere of each matrix's first norm (Hyperball, arXiv 2606.16899), without decay.
///
/// The effective learning rate, the length of a step over the norm, is the one that is asked for.
package struct AdamH: SeparateOptimizer {
  package let beta1: Double
  package let beta2: Double

  package init(beta1: Double, beta2: Double) {
    self.beta1 = beta1
    self.beta2 = beta2
  }

  package func states(of spec: ParameterSpec) throws(OptimizerError) -> [OptimizerState] {
    let shape = try MatrixShape(spec, for: "adamh")
    return [
      OptimizerState("moment1", like: spec), OptimizerState("moment2", like: spec),
      OptimizerState("radius", [shape.stack], from: .norms),
    ]
  }

  package func check(
    _ settings: ParameterSettings, of spec: ParameterSpec, path: String
  ) throws(OptimizerError) {
    try settings.checkStep(of: "adamh", path: path)
    try settings.checkFirstNorm(path: path)
  }

  package func scratchScalars(of spec: ParameterSpec) -> Int { MatrixShape(of: spec).count }

  package func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine
  ) {
    let shape = MatrixShape(of: parameter.spec)
    let (first, second) = (parameter.states[0], parameter.states[1])
    let adam = AdamDirection<Scalar>(
      beta1: beta1, beta2: beta2, epsilon: parameter.settings.epsilon, step: step.number)
    let scale = Scalar(step.gradientScale)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: shape.count) { direction in
      for matrix in 0..<shape.stack {
        let range = shape.range(matrix)
        for (index, place) in range.enumerated() {
          direction[index] = adam.advance(
            &first[place], &second[place], scale * parameter.gradient[place])
        }
        Hyperball(radius: Double(parameter.states[2][matrix])).move(
          parameter.weight.part(range), along: direction,
          learningRate: parameter.settings.learningRate)
      }
    }
  }
}

extension AdamH {
  static let kind = OptimizerKind(
    "adamh", source: "Hyperball, arXiv 2606.16899",
    reference: "heavyball's parts, and the closed form", decays: [], isForMatrices: true
  ) { settings throws(OptimizerError) in
    AdamH(beta1: settings.beta1, beta2: settings.beta2)
  }
}
