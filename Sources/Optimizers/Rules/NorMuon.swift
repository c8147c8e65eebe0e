package import Parametrizations
package import Tensors

/// Muon whose rows, one for each neuron, are brought to one size by a second moment of their own.
///
/// Li et al. 2025, arXiv 2510.05491, for matrices, with decoupled decay.
package struct NorMuon: SeparateOptimizer {
  package let momentum: OrthogonalMomentum
  package let beta2: Double
  package let epsilon: Double
  package let scale: Scale

  /// How long the update is.
  package enum Scale: Hashable, Sendable {
    /// As long as Muon's of a convention, which the authors' code has with `.original`.
    case asMuon(Muon.Scale)
    /// A root mean square of 0.2, as the paper's algorithm has it.
    case rootMeanSquare
  }

  package init(momentum: OrthogonalMomentum, beta2: Double, epsilon: Double, scale: Scale) {
    self.momentum = momentum
    self.beta2 = beta2
    self.epsilon = epsilon
    self.scale = scale
  }

  package func states(of spec: ParameterSpec) throws(OptimizerError) -> [OptimizerState] {
    let shape = try MatrixShape(spec, for: "normuon")
    return [
      OptimizerState("momentum", like: spec),
      OptimizerState("row_moment2", [shape.stack, shape.rows]),
    ]
  }

  package func scratchScalars(of spec: ParameterSpec) -> Int {
    OrthogonalMomentum.scratchScalars(of: MatrixShape(of: spec))
  }

  package func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine
  ) {
    let shape = MatrixShape(of: parameter.spec)
    let (weight, rowMoments) = (parameter.weight, parameter.states[1])
    let shrinking = parameter.shrinking
    momentum.directions(of: parameter, momentum: parameter.states[0], step, engine) {
      range, direction in
      let norm = direction.norm
      let first = range.lowerBound / shape.columns
      for row in 0..<shape.rows {
        let part = direction.part(row * shape.columns..<(row + 1) * shape.columns)
        let mean = part.sumOfSquares / Double(shape.columns)
        let moment = beta2 * Double(rowMoments[first + row]) + (1 - beta2) * mean
        rowMoments[first + row] = Scalar(moment)
        part.multiply(by: 1 / (moment.squareRoot() + epsilon))
      }
      let length = Scalar(
        parameter.settings.learningRate * length(of: shape, before: norm)
          / (direction.norm + epsilon))
      for (index, place) in range.enumerated() {
        weight[place] = shrinking * weight[place] - length * direction[index]
      }
    }
  }

  /// The norm of the whole update, where `norm` is that of the orthogonal matrix.
  private func length(of shape: MatrixShape, before norm: Double) -> Double {
    switch scale {
    case .asMuon(let scale): scale.factor(rows: shape.rows, columns: shape.columns) * norm
    case .rootMeanSquare: 0.2 * Double(shape.count).squareRoot()
    }
  }
}

extension NorMuon {
  private static let rootMeanSquare = "rms"

  static let kind = OptimizerKind(
    "normuon", source: "Li et al. 2025, arXiv 2510.05491", reference: "pytorch_optimizer's NorMuon",
    version: 2,
    settings: [
      OptimizerSetting(
        "scale", .choice(Muon.Scale.allCases.map(\.rawValue) + [rootMeanSquare], standard: nil),
        "how long the update is: as Muon's, or with a root mean square of 0.2"),
      .momentum(0.95), .nesterov, .newtonSchulzSteps,
      OptimizerSetting(
        "row_beta2", .number(.below(0..<1), standard: 0.95),
        "the share of the rows' second moment that a step keeps"),
      OptimizerSetting(
        "row_epsilon", .number(.epsilon, standard: 1e-10), "keeps rows from being divided by 0"),
    ], isForMatrices: true
  ) { settings throws(OptimizerError) in
    NorMuon(
      momentum: settings.orthogonalMomentum, beta2: settings.number("row_beta2"),
      epsilon: settings.number("row_epsilon"),
      scale: Muon.Scale(rawValue: settings.text("scale")).map { .asMuon($0) } ?? .rootMeanSquare)
  }
}
