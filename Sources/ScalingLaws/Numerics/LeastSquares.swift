import CLAPACK
import RealModule

/// The least-squares solution of an overdetermined dense system, by LAPACK's QR (`dgels`).
///
/// The only place that calls LAPACK.
package struct LeastSquares {
  /// One solution for each right-hand side.
  package let solutions: [[Double]]
  /// The sum of squared residuals of each right-hand side.
  package let residualSquares: [Double]
  /// The log of the determinant of the matrix's square, from its triangular factor.
  package let logDeterminant: Double

  /// Solves for every right-hand side at once.
  ///
  /// - Parameters:
  ///   - rows: The matrix, a row each.
  ///   - rightHandSides: Vectors with an element for each row.
  /// - Precondition: there are at least as many rows as columns, all of one length.
  /// - Throws: `.singular` when the columns are not independent.
  package init(rows: [[Double]], rightHandSides: [[Double]]) throws(FitError) {
    let rowCount = rows.count
    let columnCount = rows.first?.count ?? 0
    precondition(rowCount >= columnCount, "\(rowCount) rows for \(columnCount) columns")
    var matrix = [Double](repeating: 0, count: rowCount * columnCount)
    for (i, row) in rows.enumerated() {
      for (j, value) in row.enumerated() { matrix[j * rowCount + i] = value }
    }
    var right = rightHandSides.flatMap { $0 }
    let status = LAPACKE_dgels(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), Int32(rowCount), Int32(columnCount),
      Int32(rightHandSides.count), &matrix, Int32(rowCount), &right, Int32(rowCount))
    guard status == 0 else { throw .singular }
    logDeterminant =
      2 * (0..<columnCount).reduce(0) { $0 + .log(abs(matrix[$1 * rowCount + $1])) }
    solutions = rightHandSides.indices.map {
      Array(right[$0 * rowCount..<$0 * rowCount + columnCount])
    }
    residualSquares = rightHandSides.indices.map {
      right[($0 * rowCount + columnCount)..<(($0 + 1) * rowCount)].reduce(0) { $0 + $1 * $1 }
    }
  }
}
