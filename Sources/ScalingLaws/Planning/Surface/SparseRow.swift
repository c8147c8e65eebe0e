/// A row of a matrix of which few elements are not 0.
package struct SparseRow: Sendable {
  package private(set) var indices: [Int] = []
  package private(set) var values: [Double] = []

  mutating func add(_ value: Double, at index: Int) {
    indices.append(index)
    values.append(value)
  }

  /// The product with a vector.
  func dot(_ vector: [Double]) -> Double {
    var sum = 0.0
    for (index, value) in zip(indices, values) { sum += value * vector[index] }
    return sum
  }

  /// The product of a symmetric matrix, given by columns, with the row as a column.
  func times(_ matrix: [Double], count: Int) -> [Double] {
    var product = [Double](repeating: 0, count: count)
    for (index, value) in zip(indices, values) where value != 0 {
      let column = index * count
      for row in 0..<count { product[row] += value * matrix[column + row] }
    }
    return product
  }
}
