import CKernels

extension Engine {
  /// A matrix in memory: its rows one after another.
  package struct Matrix {
    package var rows: Int
    package var columns: Int
    fileprivate var base: UnsafeMutableRawPointer
    fileprivate var isTransposed = false

    /// - Precondition: `scalars` has as many as the matrix, in the engine's precision.
    package init<Scalar>(_ scalars: UnsafeMutableBufferPointer<Scalar>, rows: Int, columns: Int) {
      precondition(scalars.count == rows * columns, "\(scalars.count) for \(rows) x \(columns)")
      guard let start = scalars.baseAddress else { preconditionFailure("a matrix of nothing") }
      base = UnsafeMutableRawPointer(start)
      (self.rows, self.columns) = (rows, columns)
    }

    /// The same memory, read by columns.
    package var transposed: Matrix {
      var other = self
      (other.rows, other.columns) = (columns, rows)
      other.isTransposed.toggle()
      return other
    }

    fileprivate var stride: Int { isTransposed ? rows : columns }
  }

  /// Sets `result` to `alpha` times the product of `a` and `b`, and `beta` times what it was.
  package func multiply(
    _ a: Matrix, _ b: Matrix, into result: Matrix, times alpha: Double = 1, adding beta: Double = 0
  ) {
    precondition(
      a.columns == b.rows && result.rows == a.rows && result.columns == b.columns
        && !result.isTransposed,
      "\(a.rows) x \(a.columns) times \(b.rows) x \(b.columns)")
    kernels.matrix_product(
      a.isTransposed, b.isTransposed, a.rows, b.columns, a.columns, alpha, a.base, a.stride, b.base,
      b.stride, beta, result.base, result.stride)
  }
}
