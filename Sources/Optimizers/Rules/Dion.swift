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

  package func scratchScalars(of spec: ParameterSpec) -> Int {
    let shape = MatrixShape(of: spec)
    let rank = rank(of: shape)
    return (shape.rows + shape.columns) * rank + GramSchmidt.scratchScalars(rows: rank)
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
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: (long + short) * rank) { scratch in
      // By rows, each as long as the longer side: they are made orthogonal one after another.
      let (left, right) = (
        scratch.part(0..<rank * long), scratch.part(rank * long..<scratch.count)
      )
      let leftMatrix = Engine.Matrix(left, rows: rank, columns: long)
      let rightMatrix = Engine.Matrix(right, rows: short, columns: rank)
      for matrix in 0..<shape.stack {
        let range = shape.range(matrix)
        let basis = parameter.states[1].part(
          matrix * short * rank..<(matrix + 1) * short * rank)
        let stored = Engine.Matrix(
          parameter.states[0].part(range), rows: shape.rows, columns: shape.columns)
        let basisMatrix = Engine.Matrix(basis, rows: short, columns: rank)
        engine.multiply(
          basisMatrix.transposed, isWide ? stored : stored.transposed, into: leftMatrix)
        GramSchmidt().apply(toRowsOf: left, rows: rank, columns: long, engine)
        engine.multiply(
          isWide ? stored : stored.transposed, leftMatrix.transposed, into: rightMatrix)
        // What the step uses leaves the momentum, but for the share that is kept.
        add(leftMatrix, rightMatrix, times: momentum - 1, to: stored, keeping: 1, isWide, engine)
        normalizeColumns(right, into: basis, columns: rank)
        let weight = Engine.Matrix(
          parameter.weight.part(range), rows: shape.rows, columns: shape.columns)
        add(
          leftMatrix, basisMatrix, times: factor, to: weight,
          keeping: Double(parameter.shrinking), isWide, engine)
      }
    }
  }

  /// Adds the outer product of two bases to a share of a matrix, which is transposed where it is wide.
  private func add(
    _ left: Engine.Matrix, _ right: Engine.Matrix, times factor: Double, to matrix: Engine.Matrix,
    keeping share: Double, _ isWide: Bool, _ engine: Engine
  ) {
    if isWide {
      engine.multiply(right, left, into: matrix, times: factor, adding: share)
    } else {
      engine.multiply(
        left.transposed, right.transposed, into: matrix, times: factor, adding: share)
    }
  }

  /// A column of zeros leaves the basis as it was there.
  private func normalizeColumns<Scalar: EngineScalar>(
    _ matrix: UnsafeMutableBufferPointer<Scalar>, into basis: UnsafeMutableBufferPointer<Scalar>,
    columns: Int
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: columns) { norms in
      norms.initialize(repeating: 0)
      let starts = stride(from: 0, to: matrix.count, by: columns)
      for start in starts {
        for column in 0..<columns {
          let value = Double(matrix[start + column])
          norms[column] += value * value
        }
      }
      for column in 0..<columns { norms[column] = norms[column].squareRoot() }
      for start in starts {
        for column in 0..<columns where norms[column] > 0 {
          basis[start + column] =
            matrix[start + column] / Scalar(norms[column] + Self.smallest)
        }
      }
    }
  }
}

extension Dion {
  static let kind = OptimizerKind(
    "dion", source: "Ahn et al. 2025, arXiv 2504.05295",
    reference: "the closed form; the authors' code was not run", version: 2,
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
