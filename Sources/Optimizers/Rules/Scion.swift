package import Parametrizations
import Runs
package import Tensors

/// Steps to the edge of a ball of a norm that is chosen for each role.
///
/// Pethick et al. 2025, arXiv 2502.07529.
package struct Scion: SeparateOptimizer {
  /// The share of the momentum that a step keeps.
  package let momentum: Double
  /// Whether weights stay in the ball: they shrink by the learning rate itself.
  package let isConstrained: Bool
  package let newtonSchulz: NewtonSchulz
  /// The ball of each role.
  package let ball: @Sendable (ParameterRole) -> Ball

  /// A norm, and how large the ball is in it.
  package struct Ball: Hashable, Sendable {
    package var norm: Norm
    package var radius: Double

    package init(_ norm: Norm, radius: Double) {
      self.norm = norm
      self.radius = radius
    }
  }

  package enum Norm: String, CaseIterable, Sendable {
    /// Of maps between root mean squares: √(rows/columns) times an orthogonal matrix.
    case spectral
    /// The same, and never less than an orthogonal matrix.
    case spectralAtLeastOne = "spectral-at-least-one"
    /// The sign of each number over the count of columns.
    case sign
    /// The sign of each number.
    case plainSign = "plain-sign"
    /// Each column, all that one input goes to, with a root mean square of 1.
    case column
    /// Each row with a norm of 1 over the root of its count; of an embedding, see `lookup`.
    case row
    /// Each row that is looked up with a root mean square of 1.
    case lookup
    /// The whole with a root mean square of 1.
    case vector
  }

  private static let smallest = 1e-8

  package init(
    momentum: Double, isConstrained: Bool, newtonSchulz: NewtonSchulz = NewtonSchulz(),
    ball: @escaping @Sendable (ParameterRole) -> Ball
  ) {
    self.momentum = momentum
    self.isConstrained = isConstrained
    self.newtonSchulz = newtonSchulz
    self.ball = ball
  }

  package func states(of spec: ParameterSpec) throws(OptimizerError) -> [OptimizerState] {
    switch ball(spec.role).norm {
    case .vector: break
    case .lookup where spec.role == .embedding: break
    default: _ = try MatrixShape(spec, for: "scion in that norm")
    }
    return [OptimizerState("momentum", like: spec)]
  }

  package func check(
    _ settings: ParameterSettings, of spec: ParameterSpec, path: String
  ) throws(OptimizerError) {
    if isConstrained { try settings.checkStep(of: "a constrained scion", path: path) }
  }

  package func scratchScalars(of spec: ParameterSpec) -> Int {
    let shape = Self.shape(of: spec, in: ball(spec.role).norm)
    switch ball(spec.role).norm {
    case .spectral, .spectralAtLeastOne: return OrthogonalMomentum.scratchScalars(of: shape)
    default: return shape.count
    }
  }

  package func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine
  ) {
    let (weight, average) = (parameter.weight, parameter.states[0])
    average.blend(keeping: momentum, with: parameter.gradient, times: step.gradientScale)
    let ball = ball(parameter.spec.role)
    let shape = Self.shape(of: parameter.spec, in: ball.norm)
    let length = parameter.learningRate * Scalar(ball.radius)
    let shrinking =
      isConstrained ? Scalar(1 - parameter.settings.learningRate) : parameter.shrinking
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: shape.count) { direction in
      for matrix in 0..<shape.stack {
        let range = shape.range(matrix)
        for (index, place) in range.enumerated() { direction[index] = average[place] }
        toEdge(direction, shape, ball.norm, engine)
        for (index, place) in range.enumerated() {
          weight[place] = shrinking * weight[place] - length * direction[index]
        }
      }
    }
  }

  /// The rows and columns in memory, which are those of the table for an embedding.
  private static func shape(of spec: ParameterSpec, in norm: Norm) -> MatrixShape {
    var shape = MatrixShape(of: spec)
    if spec.role == .embedding { swap(&shape.rows, &shape.columns) }
    return shape
  }

  /// Replaces a matrix by the point of the unit ball that goes furthest along it.
  private func toEdge<Scalar: EngineScalar>(
    _ matrix: UnsafeMutableBufferPointer<Scalar>, _ shape: MatrixShape, _ norm: Norm,
    _ engine: Engine
  ) {
    let (rows, columns) = (shape.rows, shape.columns)
    func row(_ row: Int) -> UnsafeMutableBufferPointer<Scalar> {
      matrix.part(row * columns..<(row + 1) * columns)
    }
    switch norm {
    case .spectral, .spectralAtLeastOne:
      newtonSchulz.apply(to: matrix, rows: rows, columns: columns, engine)
      let scale = Muon.Scale.spectral.factor(rows: rows, columns: columns)
      matrix.multiply(by: norm == .spectral ? scale : max(1, scale))
    case .sign, .plainSign:
      let size = norm == .sign ? Scalar(1 / Double(columns)) : 1
      for index in matrix.indices {
        matrix[index] = matrix[index] > 0 ? size : matrix[index] < 0 ? -size : matrix[index]
      }
    case .column:
      for column in 0..<columns {
        var sum = 0.0
        for row in 0..<rows { sum += Double(matrix[row * columns + column]).squared }
        let size = Scalar((sum / Double(rows)).squareRoot() + Self.smallest)
        for row in 0..<rows { matrix[row * columns + column] /= size }
      }
    case .row:
      for index in 0..<rows {
        let row = row(index)
        row.multiply(by: 1 / (row.norm * Double(columns).squareRoot() + Self.smallest))
      }
    case .lookup:
      for index in 0..<rows {
        let row = row(index)
        row.multiply(by: 1 / (row.rootMeanSquare + Self.smallest))
      }
    case .vector: matrix.multiply(by: 1 / (matrix.rootMeanSquare + Self.smallest))
    }
  }
}

extension Double {
  fileprivate var squared: Double { self * self }
}

extension Scion {
  static let kind = OptimizerKind(
    "scion", source: "Pethick et al. 2025, arXiv 2502.07529",
    reference: "pytorch_optimizer's SCION", version: 2,
    settings: [
      .momentum(0.9), .newtonSchulzSteps,
      OptimizerSetting(
        "constrained", .flag(standard: true), "whether weights stay in the ball, without decay"),
      OptimizerSetting(
        "radius", .number(.size, standard: 50), "of the spectral ball of hidden matrices"),
      OptimizerSetting(
        "output_radius", .number(.size, standard: 3000), "of the ball of signs of the output"),
      OptimizerSetting(
        "embedding_radius", .number(.size, standard: 50), "of the rows of the embedding"),
    ],
    scalesRates: true
  ) { settings throws(OptimizerError) in
    let isConstrained = settings.flag("constrained")
    guard !isConstrained || settings.weightDecay == 0 else {
      throw settings.error(
        "weight_decay", settings.weightDecay.plain,
        expected: "0, since the constraint is the decay, or constrained: false")
    }
    let (hidden, output) = (settings.number("radius"), settings.number("output_radius"))
    let embedding = settings.number("embedding_radius")
    return Scion(
      momentum: settings.number("momentum"), isConstrained: isConstrained,
      newtonSchulz: NewtonSchulz(steps: Int(settings.number("newton_schulz_steps")))
    ) { role in
      switch role {
      case .embedding: Ball(.lookup, radius: embedding)
      case .output: Ball(.sign, radius: output)
      // Gains begin at one, which is the edge of this ball.
      case .norm, .bias, .scalar: Ball(.vector, radius: 1)
      default: Ball(.spectral, radius: hidden)
      }
    }
  }
}
