import CKernels

/// What telemetry asks of a matrix.
extension StorageSlice {
  /// A lower bound, up to rounding, of the largest singular value of the matrix that this is.
  ///
  /// The root of the largest Ritz value of WᵀW after `steps` steps of Lanczos (Golub and Van Loan,
  /// Matrix Computations, section 10.1), each of which reads the matrix once: with as many reads it
  /// is never below what power iteration gives, and well above where the next singular value is near.
  ///
  /// - Parameters:
  ///   - rows: Of the matrix, which lies row by row.
  ///   - columns: Of the matrix.
  ///   - start: A random direction, one number a column; not all zero.
  ///   - steps: The most steps; there are fewer when the directions are exhausted.
  ///   - engine: The kernels of this storage's precision.
  /// - Returns: It is not finite when any scalar is not.
  package func topSingularValue(
    rows: Int, columns: Int, start: [Double], steps: Int, _ engine: Engine
  ) -> Double {
    precondition(rows * columns == count, "[\(rows), \(columns)] of \(count) scalars")
    precondition(start.count == columns && steps > 0, "\(start.count) numbers, \(steps) steps")
    precondition(engine.precision == storage.precision, "an engine of another precision")
    var directions: [[Double]] = []
    var tridiagonal = Tridiagonal()
    var next = start
    var length = next.length
    while directions.count < min(steps, columns) {
      directions.append(next.map { $0 / length })
      let (product, squares) = gramProduct(directions[directions.count - 1], rows: rows, engine)
      guard squares.isFinite else { return .nan }
      tridiagonal.diagonal.append(squares)
      next = product
      // Against all, and not the last two alone, or rounding lets found directions back in.
      for direction in directions { next.removePart(along: direction) }
      length = next.length
      guard length > Self.exhausted * tridiagonal.largestEigenvalue() else { break }
      tridiagonal.offDiagonal.append(length)
    }
    return tridiagonal.largestEigenvalue().squareRoot()
  }

  /// What is left of a product, as a part of it, when it is all rounding.
  private static var exhausted: Double { 1e-6 }

  private func gramProduct(
    _ x: [Double], rows: Int, _ engine: Engine
  ) -> (product: [Double], squares: Double) {
    switch engine.precision {
    case .single:
      var (from, out) = (x.map { Float($0) }, [Float](repeating: 0, count: x.count))
      let squares = engine.kernels.gram_product(&out, pointer, &from, rows, x.count)
      return (out.map { Double($0) }, squares)
    case .double:
      var (from, out) = (x, [Double](repeating: 0, count: x.count))
      let squares = engine.kernels.gram_product(&out, pointer, &from, rows, x.count)
      return (out, squares)
    }
  }
}

/// A symmetric matrix with three diagonals.
private struct Tridiagonal {
  var diagonal: [Double] = []
  var offDiagonal: [Double] = []

  /// By bisection on the signs of the pivots, to the last bits.
  func largestEigenvalue() -> Double {
    let radii = diagonal.indices.map { (row: Int) in
      (row > 0 ? offDiagonal[row - 1] : 0) + (row + 1 < diagonal.count ? offDiagonal[row] : 0)
    }
    var low = diagonal.max() ?? 0
    var high = zip(diagonal, radii).map(+).max() ?? 0
    while true {
      let middle = (low + high) / 2
      guard low < middle, middle < high else { return low }
      if hasEigenvalue(above: middle) { low = middle } else { high = middle }
    }
  }

  /// Whether elimination of `self - x` meets a pivot that is not negative.
  private func hasEigenvalue(above x: Double) -> Bool {
    var pivot = -Double.infinity
    for (row, element) in diagonal.enumerated() {
      let beside = row > 0 ? offDiagonal[row - 1] : 0
      pivot = element - x - beside * beside / pivot
      if pivot >= 0 { return true }
    }
    return false
  }
}

extension [Double] {
  fileprivate var length: Double { reduce(0) { $0 + $1 * $1 }.squareRoot() }

  fileprivate mutating func removePart(along direction: [Double]) {
    let part = zip(self, direction).reduce(0) { $0 + $1.0 * $1.1 }
    for index in indices { self[index] -= part * direction[index] }
  }
}
