import Tensors

/// Makes the rows of a matrix orthonormal by Gram and Schmidt, twice, in blocks: what a block has along
/// those before it is found and taken away by the matrix library.
///
/// The way by Cholesky's factor of the rows' products fails where their condition is above the root of
/// the precision's, which random square matrices come to; this one asks nothing of them.
struct GramSchmidt {
  /// Few enough that what is done row by row is little beside the products.
  private static let block = 32

  /// The numbers it needs beside the matrix.
  static func scratchScalars(rows: Int) -> Int { min(block, rows) * rows }

  /// Replaces a matrix that has no more rows than columns; a row that depends on those before becomes
  /// zero.
  func apply<Scalar: EngineScalar>(
    toRowsOf matrix: UnsafeMutableBufferPointer<Scalar>, rows: Int, columns: Int, _ engine: Engine
  ) {
    let scratch = Self.scratchScalars(rows: rows)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: scratch) { scratch in
      for first in stride(from: 0, to: rows, by: Self.block) {
        let count = min(Self.block, rows - first)
        let block = matrix.part(first * columns..<(first + count) * columns)
        let before = matrix.part(0..<first * columns)
        for _ in 0..<2 {
          let norms = (0..<count).map { block.part($0 * columns..<($0 + 1) * columns).norm }
          takeAway(before, from: block, columns: columns, scratch, engine)
          orthonormalize(block, columns: columns, norms)
        }
      }
    }
  }

  /// What the rows of `block` have along those of `others`, which are orthonormal.
  private func takeAway<Scalar: EngineScalar>(
    _ others: UnsafeMutableBufferPointer<Scalar>, from block: UnsafeMutableBufferPointer<Scalar>,
    columns: Int, _ scratch: UnsafeMutableBufferPointer<Scalar>, _ engine: Engine
  ) {
    let (count, otherCount) = (block.count / columns, others.count / columns)
    guard otherCount > 0 else { return }
    let blockMatrix = Engine.Matrix(block, rows: count, columns: columns)
    let otherMatrix = Engine.Matrix(others, rows: otherCount, columns: columns)
    let shares = Engine.Matrix(
      scratch.part(0..<count * otherCount), rows: count, columns: otherCount)
    engine.multiply(blockMatrix, otherMatrix.transposed, into: shares)
    engine.multiply(shares, otherMatrix, into: blockMatrix, times: -1, adding: 1)
  }

  /// Within one block, row by row; `norms` are those of the rows before anything was taken away.
  private func orthonormalize<Scalar: EngineScalar>(
    _ block: UnsafeMutableBufferPointer<Scalar>, columns: Int, _ norms: [Double]
  ) {
    func row(_ index: Int) -> UnsafeMutableBufferPointer<Scalar> {
      block.part(index * columns..<(index + 1) * columns)
    }
    for index in norms.indices {
      let own = row(index)
      for other in 0..<index {
        let other = row(other)
        let share = Scalar(own.product(with: other))
        for column in 0..<columns { own[column] -= share * other[column] }
      }
      let norm = own.norm
      // Below this only rounding is left of the row.
      let isDependent = norm <= norms[index] * Double(Scalar.ulpOfOne) * Double(columns)
      own.multiply(by: isDependent ? 0 : 1 / norm)
    }
  }
}
