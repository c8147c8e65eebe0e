package import Parametrizations
package import Tensors

/// Momentum made orthogonal in a subspace of low rank, what is left over being kept, for matrices.
///
/// Ahn et al. 2025, arXiv 2504.05295, with decoupled decay. A closed form of the authors' code, which no
/// package has: it was not run against theirs.
package struct Dion: SeparateOptimizer {
  /// The share of the momentum within the subspace that a step keeps.
  package let momentum: Double
  /// The rank over the smaller side of the matrix.
  package let rankFraction: Double

  private static let smallest = 1e-8

  package init(momentum: Double, rankFraction: Double) {
    self.momentum = momentum
    self.rankFraction = rankFraction
  }

  private func rank(of shape: MatrixShape) -> Int {
    let side = min(shape.rows, shape.columns)
    return min(side, max(1, Int((rankFraction * Double(side)).rounded(.up))))
  }

  package func states(of spec: ParameterSpec) throws(OptimizerError) -> [OptimizerState] {
    let shape = try MatrixShape(spec, for: "dion")
    return [
      OptimizerState("momentum", like: spec),
      OptimizerState(
        "basis", [shape.stack, min(shape.rows, shape.columns), rank(of: shape)], from: .random),
    ]
  }

  package func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine
  ) {
    let shape = MatrixShape(of: parameter.spec)
    let (rank, isWide) = (rank(of: shape), shape.rows < shape.columns)
    let (long, short) = (max(shape.rows, shape.columns), min(shape.rows, shape.columns))
    let scale = Scalar(step.gradientScale)
    for index in parameter.gradient.indices {
      parameter.states[0][index] += scale * parameter.gradient[index]
    }
    let factor =
      -parameter.settings.learningRate
      * Muon.Scale.spectral.factor(rows: shape.rows, columns: shape.columns)
    parameter.weight.multiply(by: Double(parameter.shrinking))
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: (long + short) * rank) { scratch in
      let (left, right) = (
        scratch.part(0..<long * rank), scratch.part(long * rank..<scratch.count)
      )
      let leftMatrix = Engine.Matrix(left, rows: long, columns: rank)
      let rightMatrix = Engine.Matrix(right, rows: short, columns: rank)
      for matrix in 0..<shape.stack {
        let range = shape.range(matrix)
        let basis = parameter.states[1].part(
          matrix * short * rank..<(matrix + 1) * short * rank)
        let stored = Engine.Matrix(
          parameter.states[0].part(range), rows: shape.rows, columns: shape.columns)
        let basisMatrix = Engine.Matrix(basis, rows: short, columns: rank)
        engine.multiply(isWide ? stored.transposed : stored, basisMatrix, into: leftMatrix)
        orthonormalize(left, rows: long, columns: rank)
        engine.multiply(isWide ? stored : stored.transposed, leftMatrix, into: rightMatrix)
        // What the step uses leaves the momentum, but for the share that is kept.
        add(leftMatrix, rightMatrix, times: momentum - 1, to: stored, isWide, engine)
        normalizeColumns(right, into: basis, columns: rank)
        let weight = Engine.Matrix(
          parameter.weight.part(range), rows: shape.rows, columns: shape.columns)
        add(leftMatrix, basisMatrix, times: factor, to: weight, isWide, engine)
      }
    }
  }

  /// Adds the outer product of two bases to a matrix, which is transposed where it is wide.
  private func add(
    _ left: Engine.Matrix, _ right: Engine.Matrix, times factor: Double, to matrix: Engine.Matrix,
    _ isWide: Bool, _ engine: Engine
  ) {
    let (a, b) = isWide ? (right, left) : (left, right)
    engine.multiply(a, b.transposed, into: matrix, times: factor, adding: 1)
  }

  /// Gram and Schmidt, twice, column by column; what depends on the columns before becomes zero.
  private func orthonormalize<Scalar: EngineScalar>(
    _ matrix: UnsafeMutableBufferPointer<Scalar>, rows: Int, columns: Int
  ) {
    func dot(_ a: Int, _ b: Int) -> Double {
      (0..<rows).reduce(0) {
        $0 + Double(matrix[$1 * columns + a]) * Double(matrix[$1 * columns + b])
      }
    }
    for column in 0..<columns {
      let before = dot(column, column).squareRoot()
      for _ in 0..<2 {
        for other in 0..<column {
          let share = Scalar(dot(other, column))
          for row in 0..<rows {
            matrix[row * columns + column] -= share * matrix[row * columns + other]
          }
        }
      }
      let norm = dot(column, column).squareRoot()
      // Below this only rounding is left of the column.
      let isDependent = norm <= before * Double(Scalar.ulpOfOne) * Double(rows)
      let factor = Scalar(isDependent ? 0 : 1 / norm)
      for row in 0..<rows { matrix[row * columns + column] *= factor }
    }
  }

  /// A column of zeros leaves the basis as it was there.
  private func normalizeColumns<Scalar: EngineScalar>(
    _ matrix: UnsafeMutableBufferPointer<Scalar>, into basis: UnsafeMutableBufferPointer<Scalar>,
    columns: Int
  ) {
    for column in 0..<columns {
      let places = stride(from: column, to: matrix.count, by: columns)
      let norm = places.reduce(0) { $0 + Double(matrix[$1]) * Double(matrix[$1]) }.squareRoot()
      guard norm > 0 else { continue }
      for place in places { basis[place] = matrix[place] / Scalar(norm + Self.smallest) }
    }
  }
}

extension Dion {
  static let kind = OptimizerKind(
    "dion", source: "Ahn et al. 2025, arXiv 2504.05295",
    reference: "the closed form; the authors' code was not run",
    settings: [
      .momentum(0.95),
      OptimizerSetting(
        "rank_fraction", .number(.closed(0.001...1), standard: 0.25),
        "the rank over the smaller side of a matrix"),
    ], isForMatrices: true
  ) { settings throws(OptimizerError) in
    Dion(momentum: settings.number("momentum"), rankFraction: settings.number("rank_fraction"))
  }
}
