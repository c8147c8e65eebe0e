package import Parametrizations
package import Tensors

/// Muon on the sphere of each matrix's first norm (Hyperball, arXiv 2606.16899), without decay.
///
/// No published package has it whole: its parts are checked, and their combination against the
/// closed form.
package struct MuonH: SeparateOptimizer {
  package let momentum: OrthogonalMomentum

  package init(momentum: OrthogonalMomentum) { self.momentum = momentum }

  package func states(of spec: ParameterSpec) throws(OptimizerError) -> [OptimizerState] {
    let shape = try MatrixShape(spec, for: "muonh")
    return [
      OptimizerState("momentum", like: spec), OptimizerState("radius", [shape.stack], from: .norms),
    ]
  }

  package func check(
    _ settings: ParameterSettings, of spec: ParameterSpec, path: String
  ) throws(OptimizerError) {
    try settings.checkStep(of: "muonh", path: path)
    try settings.checkFirstNorm(path: path)
  }

  package func scratchScalars(of spec: ParameterSpec) -> Int {
    OrthogonalMomentum.scratchScalars(of: MatrixShape(of: spec))
  }

  package func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine
  ) {
    let radii = parameter.states[1]
    momentum.directions(of: parameter, momentum: parameter.states[0], step, engine) {
      range, direction in
      Hyperball(radius: Double(radii[range.lowerBound / range.count])).move(
        parameter.weight.part(range), along: direction,
        learningRate: parameter.settings.learningRate)
    }
  }
}

extension MuonH {
  static let kind = OptimizerKind(
    "muonh", source: "Hyperball, arXiv 2606.16899", reference: "the closed form", version: 2,
    decays: [],
    settings: [.momentum(0.95), .nesterov, .newtonSchulzSteps], isForMatrices: true
  ) { settings throws(OptimizerError) in
    MuonH(momentum: settings.orthogonalMomentum)
  }
}
