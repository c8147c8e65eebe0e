internal import CLAPACK
import RealModule

/// The lower triangular factor of a symmetric positive definite matrix, by LAPACK.
///
/// The only place that calls LAPACK.
package struct Cholesky {
  package let count: Int
  /// The log of the determinant of the matrix.
  package let logDeterminant: Double
  /// By columns; the upper triangle is not used.
  private let factor: [Double]

  /// Factors a matrix of `count` rows, given by columns.
  ///
  /// - Throws: `.singular` when the matrix is not positive definite or not finite.
  package init(_ matrix: [Double], count: Int) throws(FitError) {
    precondition(matrix.count == count * count, "\(matrix.count) elements for \(count) rows")
    var factor = matrix
    let size = Int32(count)
    guard LAPACKE_dpotrf(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), size, &factor, size) == 0
    else { throw .singular }
    self.count = count
    self.factor = factor
    logDeterminant = (0..<count).reduce(0) { $0 + 2 * .log(factor[$1 * count + $1]) }
  }

  /// The solution of factor times x = each right-hand side; columns one after the other.
  package func solveLower(_ columns: [Double]) throws(FitError) -> [Double] {
    try solve(columns, transposed: false)
  }

  /// The solution of matrix times x = right-hand side.
  package func solve(_ rightHandSide: [Double]) throws(FitError) -> [Double] {
    try solve(solve(rightHandSide, transposed: false), transposed: true)
  }

  /// A vector whose covariance is the inverse of the matrix, from one with independent elements.
  package func inverseDraw(_ deviates: [Double]) throws(FitError) -> [Double] {
    try solve(deviates, transposed: true)
  }

  private func solve(_ columns: [Double], transposed: Bool) throws(FitError) -> [Double] {
    guard count > 0, !columns.isEmpty else { return columns }
    var solution = columns
    let size = Int32(count)
    let status = LAPACKE_dtrtrs(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")),
      CChar(transposed ? UInt8(ascii: "T") : UInt8(ascii: "N")), CChar(UInt8(ascii: "N")), size,
      Int32(columns.count / count), factor, size, &solution, size)
    guard status == 0 else { throw .singular }
    return solution
  }
}
