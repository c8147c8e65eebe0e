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

  /// The numbers it needs beside the matrix.
  static func scratchScalars(of shape: MatrixShape) -> Int {
    let small = min(shape.rows, shape.columns)
    return 2 * small * small + shape.count
  }

  /// Replaces a matrix.
  func apply<Scalar: EngineScalar>(
    to matrix: UnsafeMutableBufferPointer<Scalar>, rows: Int, columns: Int, _ engine: Engine
  ) {
    matrix.multiply(by: 1 / (matrix.norm + Self.smallestNorm))
    let (small, long) = (min(rows, columns), max(rows, columns))
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 2 * small * small + matrix.count) {
      scratch in
      let gram = scratch.part(0..<small * small)
      let powers = scratch.part(small * small..<2 * small * small)
      var (x, next) = (matrix, scratch.part(2 * small * small..<scratch.count))
      // Along the shorter side, so that rows and their products lie one after another.
      if rows > columns {
        matrix.transpose(into: next, rows: rows)
        swap(&x, &next)
      }
      for _ in 0..<steps {
        step(x, into: next, rows: small, columns: long, gram: gram, powers: powers, engine)
        swap(&x, &next)
      }
      let isElsewhere = x.baseAddress != matrix.baseAddress
      if rows > columns {
        if !isElsewhere { _ = next.update(from: x) }
        scratch.part(2 * small * small..<scratch.count).transpose(into: matrix, rows: columns)
      } else if isElsewhere {
        _ = matrix.update(from: x)
      }
    }
  }

  /// Sets `next` to (a + b X Xᵀ + c (X Xᵀ)²) X.
  private func step<Scalar: EngineScalar>(
    _ x: UnsafeMutableBufferPointer<Scalar>, into next: UnsafeMutableBufferPointer<Scalar>,
    rows: Int, columns: Int, gram: UnsafeMutableBufferPointer<Scalar>,
    powers: UnsafeMutableBufferPointer<Scalar>, _ engine: Engine
  ) {
    let (a, b, c) = Self.coefficients
    gram.setToRowProducts(of: x, rows: rows, scratch: powers, engine)
    powers.setToRowProducts(of: gram, rows: rows, scratch: next, engine)
    let (first, second) = (Scalar(b), Scalar(c))
    for index in powers.indices { powers[index] = second * powers[index] + first * gram[index] }
    for row in 0..<rows { powers[row * rows + row] += Scalar(a) }
    engine.multiply(
      Engine.Matrix(powers, rows: rows, columns: rows),
      Engine.Matrix(x, rows: rows, columns: columns),
      into: Engine.Matrix(next, rows: rows, columns: columns))
  }
}
