import Tensors

/// Makes a matrix nearly orthogonal by a polynomial of odd powers, five times by default (Jordan 2024,
/// kellerjordan.github.io/posts/muon).
///
/// It does not converge: singular values from 0.01 of the norm upwards come to lie between 0.68 and
/// 1.13, smaller ones remain small. It computes in the engine's precision; published
/// implementations round to bfloat16 in between.
package struct NewtonSchulz: Hashable, Sendable {
  /// Of X, of (X Xᵀ) X, and of (X Xᵀ)² X.
  private static let coefficients = (3.4445, -4.7750, 2.0315)
  /// Keeps a matrix of zeros as it is.
  private static let smallestNorm = 1e-7

  package var steps = 5

  package init(steps: Int = 5) { self.steps = steps }

  /// Replaces a matrix.
  func apply<Scalar: EngineScalar>(
    to matrix: UnsafeMutableBufferPointer<Scalar>, rows: Int, columns: Int, _ engine: Engine
  ) {
    let (a, b, c) = Self.coefficients
    matrix.multiply(by: 1 / (matrix.norm + Self.smallestNorm))
    let small = min(rows, columns)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 2 * small * small + matrix.count) {
      scratch in
      let gram = scratch.part(0..<small * small)
      let powers = scratch.part(small * small..<2 * small * small)
      let next = scratch.part(2 * small * small..<scratch.count)
      let x = Engine.Matrix(matrix, rows: rows, columns: columns)
      let (gramMatrix, powersMatrix) = (
        Engine.Matrix(gram, rows: small, columns: small),
        Engine.Matrix(powers, rows: small, columns: small)
      )
      let nextMatrix = Engine.Matrix(next, rows: rows, columns: columns)
      for _ in 0..<steps {
        if rows <= columns {
          engine.multiply(x, x.transposed, into: gramMatrix)
        } else {
          engine.multiply(x.transposed, x, into: gramMatrix)
        }
        for index in powers.indices { powers[index] = gram[index] }
        engine.multiply(gramMatrix, gramMatrix, into: powersMatrix, times: c, adding: b)
        for index in matrix.indices { next[index] = matrix[index] }
        if rows <= columns {
          engine.multiply(powersMatrix, x, into: nextMatrix, adding: a)
        } else {
          engine.multiply(x, powersMatrix, into: nextMatrix, adding: a)
        }
        for index in matrix.indices { matrix[index] = next[index] }
      }
    }
  }
}
