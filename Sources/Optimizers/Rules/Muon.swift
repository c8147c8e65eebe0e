package import Parametrizations
package import Tensors

/// Momentum made nearly orthogonal (Jordan 2024, kellerjordan.github.io/posts/muon), for matrices,
/// with decoupled decay by the learning rate as it is before the scale.
package struct Muon: SeparateOptimizer {
  package let momentum: OrthogonalMomentum
  package let scale: Scale

  /// What multiplies the orthogonal matrix: learning rates of different conventions differ by it.
  package enum Scale: String, CaseIterable, Sendable {
    /// √max(1, rows/columns) (Jordan 2024; PyTorch's default).
    case original
    /// 0.2 √max(rows, columns), by which updates are as large as AdamW's (Liu et al. 2025, arXiv
    /// 2502.16982).
    case moonlight
    /// √(rows/columns), the spectral norm of maps between root mean squares (Yang et al. 2023, arXiv
    /// 2310.17813).
    case spectral
    /// 1.
    case unscaled

    package func factor(rows: Int, columns: Int) -> Double {
      let (rows, columns) = (Double(rows), Double(columns))
      return switch self {
      case .original: max(1, rows / columns).squareRoot()
      case .moonlight: 0.2 * max(rows, columns).squareRoot()
      case .spectral: (rows / columns).squareRoot()
      case .unscaled: 1
      }
    }

    /// What a learning rate of this convention is in another, for a matrix of these sizes.
    package func convert(
      _ learningRate: Double, to other: Scale, rows: Int, columns: Int
    ) -> Double {
      learningRate * factor(rows: rows, columns: columns)
        / other.factor(rows: rows, columns: columns)
    }
  }

  package init(momentum: OrthogonalMomentum, scale: Scale) {
    self.momentum = momentum
    self.scale = scale
  }

  package func states(of spec: ParameterSpec) throws(OptimizerError) -> [OptimizerState] {
    _ = try MatrixShape(spec, for: "muon")
    return [OptimizerState("momentum", like: spec)]
  }

  package func scratchScalars(of spec: ParameterSpec) -> Int {
    OrthogonalMomentum.scratchScalars(of: MatrixShape(of: spec))
  }

  package func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine
  ) {
    let shape = MatrixShape(of: parameter.spec)
    let factor = scale.factor(rows: shape.rows, columns: shape.columns)
    let length = parameter.learningRate * Scalar(factor)
    let (weight, shrinking) = (parameter.weight, parameter.shrinking)
    momentum.directions(of: parameter, momentum: parameter.states[0], step, engine) {
      range, direction in
      for (index, place) in range.enumerated() {
        weight[place] = shrinking * weight[place] - length * direction[index]
      }
    }
  }
}

/// A momentum of gradients, as a mean, and what Newton and Schulz make of it.
package struct OrthogonalMomentum: Hashable, Sendable {
  /// The share of the momentum that a step keeps.
  package let kept: Double
  /// Whether a step looks ahead by the momentum (Nesterov).
  package let isNesterov: Bool
  package let newtonSchulz: NewtonSchulz

  package init(kept: Double, isNesterov: Bool, newtonSchulz: NewtonSchulz = NewtonSchulz()) {
    self.kept = kept
    self.isNesterov = isNesterov
    self.newtonSchulz = newtonSchulz
  }

  /// The numbers that `directions` needs for a while.
  static func scratchScalars(of shape: MatrixShape) -> Int {
    shape.count + NewtonSchulz.scratchScalars(of: shape)
  }

  /// Takes the gradient into `momentum`, and hands on the direction of each matrix of the stack.
  func directions<Scalar: EngineScalar>(
    of parameter: ParameterBuffers<Scalar>, momentum: UnsafeMutableBufferPointer<Scalar>,
    _ step: OptimizerStep, _ engine: Engine,
    _ use: (Range<Int>, UnsafeMutableBufferPointer<Scalar>) -> Void
  ) {
    let shape = MatrixShape(of: parameter.spec)
    let gradient = parameter.gradient
    momentum.blend(keeping: kept, with: gradient, times: step.gradientScale)
    let (ahead, rest) = (Scalar(kept), Scalar((1 - kept) * step.gradientScale))
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: shape.count) { direction in
      for matrix in 0..<shape.stack {
        let range = shape.range(matrix)
        for (index, place) in range.enumerated() {
          direction[index] =
            isNesterov ? ahead * momentum[place] + rest * gradient[place] : momentum[place]
        }
        newtonSchulz.apply(to: direction, rows: shape.rows, columns: shape.columns, engine)
        use(range, direction)
      }
    }
  }
}

extension Muon {
  static let kind = OptimizerKind(
    "muon", source: "Jordan 2024, kellerjordan.github.io/posts/muon",
    reference: "torch.optim.Muon, muon-optimizer", version: 2,
    settings: [
      OptimizerSetting(
        "scale", .choice(Scale.allCases.map(\.rawValue), standard: nil),
        "what multiplies the orthogonal matrix, and so what a learning rate means"),
      .momentum(0.95), .nesterov, .newtonSchulzSteps,
    ], isForMatrices: true
  ) { settings throws(OptimizerError) in
    Muon(
      momentum: settings.orthogonalMomentum,
      scale: Scale(rawValue: settings.text("scale")) ?? .original)
  }
}
