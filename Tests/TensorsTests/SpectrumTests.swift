import Runs
import Tensors
import Testing

/// The largest singular value of matrices whose singular values are known.
@Suite struct SpectrumTests {
  /// A matrix with these singular values, between two reflections of all directions.
  private func matrix(
    _ values: [Double], rows: Int, columns: Int, _ precision: Precision
  ) throws -> StorageSlice {
    var random = KeyedRandom(seed: 4, UInt64(rows), UInt64(columns))
    func reflection(_ size: Int) -> [[Double]] {
      let normal = (0..<size).map { _ in random.normal() }
      let squares = normal.reduce(0) { $0 + $1 * $1 }
      return (0..<size).map { row in
        (0..<size).map { (row == $0 ? 1 : 0) - 2 * normal[row] * normal[$0] / squares }
      }
    }
    let (left, right) = (reflection(rows), reflection(columns))
    let storage = try Storage(precision, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        storage.whole[row * columns + column] = values.indices.reduce(0) {
          $0 + values[$1] * left[row][$1] * right[column][$1]
        }
      }
    }
    return storage.whole
  }

  private func start(_ columns: Int) -> [Double] {
    var random = KeyedRandom(seed: 11, UInt64(columns))
    return (0..<columns).map { _ in random.normal() }
  }

  private func found(
    _ matrix: StorageSlice, rows: Int, columns: Int, steps: Int
  ) throws -> Double {
    matrix.topSingularValue(
      rows: rows, columns: columns, start: start(columns), steps: steps,
      try Engine(matrix.storage.precision))
  }

  @Test(
    "with a gap a few steps find it to a thousandth, from below",
    arguments: [(1, 1), (1, 7), (9, 1), (40, 17), (17, 40), (64, 64)],
    [Precision.single, .double])
  func gap(shape: (rows: Int, columns: Int), precision: Precision) throws {
    let (rows, columns) = shape
    let values = (0..<min(rows, columns)).map { $0 == 0 ? 3 : 2 / Double($0).squareRoot() }
    let matrix = try matrix(values, rows: rows, columns: columns, precision)
    let found = try found(matrix, rows: rows, columns: columns, steps: 8)
    #expect(found > 3 * (1 - 1e-3))
    #expect(found < 3 * (1 + 1e-6))
  }

  @Test("steps past the last direction change nothing", arguments: [Precision.single, .double])
  func exhausted(precision: Precision) throws {
    for values in [[2.0, 2, 2, 2, 2], [5, 1, 1, 1, 1], [5, 4, 3, 2, 1]] {
      let matrix = try matrix(values, rows: 8, columns: 5, precision)
      let found = try found(matrix, rows: 8, columns: 5, steps: 50)
      #expect(abs(found - values[0]) < 1e-6 * values[0])
    }
  }

  /// A normal matrix, whose largest singular value is 2 sqrt(n) and has others close below.
  @Test("without a gap sixteen steps are within a hundredth, and more are never lower")
  func noGap() throws {
    let size = 300
    let storage = try Storage(.single, count: size * size)
    var random = KeyedRandom(seed: 2, 9)
    for index in 0..<storage.count { storage.whole[index] = random.normal() }
    let values = try [2, 4, 8, 16, 64, 200].map {
      try found(storage.whole, rows: size, columns: size, steps: $0)
    }
    for (fewer, more) in zip(values, values.dropFirst()) { #expect(fewer < more * (1 + 1e-6)) }
    #expect(abs(values[5] / (2 * Double(size).squareRoot()) - 1) < 0.03)
    #expect(values[3] > 0.99 * values[5])
  }

  @Test("a matrix of zeros has none, and one that is not finite says so")
  func degenerate() throws {
    let storage = try Storage(.single, count: 12)
    #expect(try found(storage.whole, rows: 3, columns: 4, steps: 8) == 0)
    storage.whole[5] = .nan
    #expect(try !found(storage.whole, rows: 3, columns: 4, steps: 8).isFinite)
    storage.whole[5] = .infinity
    #expect(try !found(storage.whole, rows: 3, columns: 4, steps: 8).isFinite)
  }
}
