import Tensors

extension UnsafeMutableBufferPointer where Element: EngineScalar {
  /// Below twice as many rows as this, blocks cost more than the half that they spare.
  private static var blockRows: Int { 256 }

  /// Sets this matrix to X Xᵀ, whose upper half is copied from the lower.
  ///
  /// What is in `scratch` is lost, which has as many numbers as this at least.
  func setToRowProducts(of x: Self, rows: Int, scratch: Self, _ engine: Engine) {
    let columns = x.count / rows
    guard rows >= 2 * Self.blockRows else {
      let matrix = Engine.Matrix(x, rows: rows, columns: columns)
      engine.multiply(
        matrix, matrix.transposed, into: Engine.Matrix(self, rows: rows, columns: rows))
      return
    }
    let blocks = stride(from: 0, to: rows, by: Self.blockRows).map {
      $0..<Swift.min($0 + Self.blockRows, rows)
    }
    func matrix(_ block: Range<Int>) -> Engine.Matrix {
      Engine.Matrix(
        x.part(block.lowerBound * columns..<block.upperBound * columns), rows: block.count,
        columns: columns)
    }
    for (number, block) in blocks.enumerated() {
      for other in blocks[...number] {
        let found = scratch.part(0..<block.count * other.count)
        engine.multiply(
          matrix(block), matrix(other).transposed,
          into: Engine.Matrix(found, rows: block.count, columns: other.count))
        place(found, block, other, rows: rows)
      }
    }
  }

  /// Puts the products of two blocks of rows in their place, and in the one across the diagonal.
  private func place(_ found: Self, _ block: Range<Int>, _ other: Range<Int>, rows: Int) {
    for (row, place) in block.enumerated() {
      for (column, otherPlace) in other.enumerated() {
        self[place * rows + otherPlace] = found[row * other.count + column]
      }
    }
    guard block != other else { return }
    for (column, otherPlace) in other.enumerated() {
      for (row, place) in block.enumerated() {
        self[otherPlace * rows + place] = found[row * other.count + column]
      }
    }
  }

  /// Tiles of so many rows and columns stay in the nearest cache.
  private static var tile: Int { 16 }

  /// Writes this matrix of `rows` rows by columns.
  func transpose(into result: Self, rows: Int) {
    let columns = count / rows
    for firstRow in stride(from: 0, to: rows, by: Self.tile) {
      for firstColumn in stride(from: 0, to: columns, by: Self.tile) {
        for column in firstColumn..<Swift.min(firstColumn + Self.tile, columns) {
          for row in firstRow..<Swift.min(firstRow + Self.tile, rows) {
            result[column * rows + row] = self[row * columns + column]
          }
        }
      }
    }
  }
}
