import Foundation
import Optimizers
import Parametrizations
import Runs
import Tensors
import Testing

/// Matrices large enough that products are made in blocks.
@Suite struct LargeMatrixTests {
  /// What a rule makes of weights of 0 in one step, in float, with what it then remembers.
  private static func moved(
    _ rule: any Optimizer, by gradient: [Double], rows: Int, columns: Int
  ) throws -> (weights: [Double], states: [[Double]]) {
    let spec = ParameterSpec(role: .hidden, shape: ParameterShape(fanOut: rows, fanIn: columns))
    func slice(_ values: [Double]) throws -> StorageSlice {
      let slice = try Storage(.single, count: values.count).whole
      for (place, value) in values.enumerated() { slice[place] = value }
      return slice
    }
    var random = KeyedRandom(seed: 4)
    let states = try rule.states(of: spec).map { state in
      try slice((0..<state.count).map { _ in state.start == .random ? random.normal() : 0 })
    }
    let parameter = OptimizedParameter(
      spec: spec, weight: try slice(gradient.map { _ in 0 }), gradient: try slice(gradient),
      states: states,
      settings: ParameterSettings(initStd: 1, learningRate: 1, weightDecay: 0, epsilon: 1e-8))
    var step = OptimizerStep(number: 1, loss: 1)
    rule.move([parameter], &step, try Engine(.single))
    func values(_ slice: StorageSlice) -> [Double] { (0..<slice.count).map { slice[$0] } }
    return (values(parameter.weight), states.map(values))
  }

  private static func normals(_ count: Int, _ stream: UInt64) -> [Double] {
    var random = KeyedRandom(seed: 9, stream)
    return (0..<count).map { _ in random.normal() }
  }

  private static func times(_ matrix: [Double], _ vector: [Double], transposed: Bool) -> [Double] {
    let columns = transposed ? matrix.count / vector.count : vector.count
    let rows = matrix.count / columns
    var result = Array(repeating: 0.0, count: transposed ? columns : rows)
    for row in 0..<rows {
      for column in 0..<columns {
        let (to, from) = transposed ? (column, row) : (row, column)
        result[to] += matrix[row * columns + column] * vector[from]
      }
    }
    return result
  }

  private static func largest(_ values: [Double]) -> Double { values.map(abs).max() ?? 0 }

  /// Applied to a vector, the polynomial needs no product of matrices.
  @Test("a step of Newton and Schulz is its polynomial", arguments: [(520, 700), (700, 520)])
  func polynomial(rows: Int, columns: Int) throws {
    let rule = Muon(
      momentum: OrthogonalMomentum(
        kept: 0, isNesterov: false, newtonSchulz: NewtonSchulz(steps: 1)), scale: .unscaled)
    let gradient = Self.normals(rows * columns, 1)
    let weights = try Self.moved(rule, by: gradient, rows: rows, columns: columns).weights
    let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let vector = Self.normals(columns, 2)
    func squared(_ values: [Double]) -> [Double] {
      Self.times(gradient, Self.times(gradient, values, transposed: true), transposed: false)
        .map { $0 / norm / norm }
    }
    // Scaled so that every power has its part.
    let first = Self.times(gradient, vector, transposed: false).map { $0 / norm }
    let (second, third) = (squared(first), squared(squared(first)))
    let expected = first.indices.map {
      3.4445 * first[$0] - 4.7750 * second[$0] + 2.0315 * third[$0]
    }
    let found = Self.times(weights, vector, transposed: false).map { -$0 }
    let error = Self.largest(zip(found, expected).map { $0 - $1 })
    #expect(error < 2e-6 * Self.largest(expected))
  }

  /// Where L is orthonormal, the weights L Bᵀ have the products B Bᵀ.
  @Test(
    "Dion's steps of full rank are by an orthonormal basis", arguments: [(140, 100), (100, 140)])
  func orthonormal(rows: Int, columns: Int) throws {
    let (long, short) = (max(rows, columns), min(rows, columns))
    let gradient = Self.normals(rows * columns, 3)
    let (weights, states) = try Self.moved(
      Dion(momentum: 0.95, rankFraction: 1), by: gradient, rows: rows, columns: columns)
    let scale = (Double(rows) / Double(columns)).squareRoot()
    let vector = Self.normals(short, 4)
    let isWide = rows < columns
    let there = Self.times(weights, vector, transposed: isWide).map { $0 / scale }
    #expect(there.count == long)
    let found = Self.times(weights, there, transposed: !isWide).map { $0 / scale }
    let expected = Self.times(
      states[1], Self.times(states[1], vector, transposed: true), transposed: false)
    #expect(Self.largest(zip(found, expected).map { $0 - $1 }) < 1e-5 * Self.largest(expected))
  }

  @Test("of a gradient of rank 3 Dion's step has the norm of 3 directions")
  func deficient() throws {
    let (rows, columns) = (96, 80)
    var gradient = Array(repeating: 0.0, count: rows * columns)
    for rank in 0..<3 {
      let left = Self.normals(rows, 10 + UInt64(rank))
      let right = Self.normals(columns, 20 + UInt64(rank))
      for index in gradient.indices {
        gradient[index] += left[index / columns] * right[index % columns]
      }
    }
    let weights = try Self.moved(
      Dion(momentum: 0.95, rankFraction: 1), by: gradient, rows: rows, columns: columns
    ).weights
    let square = weights.reduce(0) { $0 + $1 * $1 } / (Double(rows) / Double(columns))
    #expect(abs(square - 3) < 1e-4)
  }
}
