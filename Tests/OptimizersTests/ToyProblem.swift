import Foundation
import Runs

/// A small problem whose least loss is 0, on which every rule is tried with the same numbers.
///
/// Matrices begin with the norms of a solution, so that rules which keep norms can come to it.
struct ToyProblem: Sendable {
  /// What a rule is told in a step: a loss and its gradients.
  typealias Sample = (loss: Double, gradients: [ToyMatrix])

  let name: String
  let start: [ToyMatrix]
  /// The loss by which a rule is judged.
  let loss: @Sendable ([ToyMatrix]) -> Double
  let sample: @Sendable ([ToyMatrix], _ step: Int) -> Sample

  static let all = [quadratic, regression, factorisation]

  /// Half of E A E, where E is the way to the solution and the eigenvalues of A, in directions that are
  /// no axes, are from 1 to 100.
  private static var quadratic: ToyProblem {
    let (solution, start) = (ToyMatrix(8, 12, random: 1), ToyMatrix(8, 12, random: 2))
    let mirror = ToyMatrix.mirror(along: ToyMatrix(8, 1, random: 3))
    var eigenvalues = ToyMatrix(8, 8)
    for place in 0..<8 { eigenvalues[place, place] = pow(100, Double(place) / 7) / 100 }
    let curvature = mirror * eigenvalues * mirror
    let sample: @Sendable ([ToyMatrix]) -> Sample = { weights in
      let way = weights[0] - solution
      let gradient = curvature * way
      return (way.product(with: gradient) / 2, [gradient])
    }
    return ToyProblem(
      name: "quadratic", start: [start.scaled(to: solution.norm)],
      loss: { sample($0).loss }, sample: { weights, _ in sample(weights) })
  }

  /// Least squares on new batches of 32 with noise, judged by what is above the noise.
  private static var regression: ToyProblem {
    let (solution, start) = (ToyMatrix(8, 12, random: 4), ToyMatrix(8, 12, random: 5))
    let (batch, noise) = (32, 0.3)
    return ToyProblem(
      name: "noisy regression", start: [start.scaled(to: solution.norm)],
      loss: { weights in
        let way = weights[0] - solution
        return way.product(with: way) / 2
      },
      sample: { weights, step in
        let inputs = ToyMatrix(12, batch, random: 6, step)
        let errors = (weights[0] - solution) * inputs - ToyMatrix(8, batch, random: 7, step) * noise
        return (
          errors.product(with: errors) / Double(2 * batch),
          [errors * inputs.transposed * (1 / Double(batch))]
        )
      })
  }

  /// Half the square of what two factors miss of a product, which is not convex.
  private static var factorisation: ToyProblem {
    let solution = [ToyMatrix(8, 4, random: 8) * 0.5, ToyMatrix(4, 12, random: 9) * 0.5]
    let start = [ToyMatrix(8, 4, random: 10), ToyMatrix(4, 12, random: 11)]
    let product = solution[0] * solution[1]
    let sample: @Sendable ([ToyMatrix]) -> Sample = { weights in
      let errors = weights[0] * weights[1] - product
      return (
        errors.product(with: errors) / 2,
        [errors * weights[1].transposed, weights[0].transposed * errors]
      )
    }
    return ToyProblem(
      name: "factorisation", start: zip(start, solution).map { $0.scaled(to: $1.norm) },
      loss: { sample($0).loss }, sample: { weights, _ in sample(weights) })
  }
}

/// A matrix of doubles, by rows.
struct ToyMatrix: Sendable {
  let rows: Int
  let columns: Int
  var values: [Double]

  init(_ rows: Int, _ columns: Int) {
    (self.rows, self.columns) = (rows, columns)
    values = Array(repeating: 0, count: rows * columns)
  }

  /// Standard normal numbers of one stream.
  init(_ rows: Int, _ columns: Int, random stream: UInt64, _ step: Int = 0) {
    self.init(rows, columns)
    var random = KeyedRandom(seed: 1, stream, UInt64(step))
    for index in values.indices { values[index] = random.normal() }
  }

  /// What turns one direction round and leaves all others.
  static func mirror(along direction: ToyMatrix) -> ToyMatrix {
    var mirror = direction * direction.transposed * (-2 / direction.product(with: direction))
    for place in 0..<mirror.rows { mirror[place, place] += 1 }
    return mirror
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  var transposed: ToyMatrix {
    var result = ToyMatrix(columns, rows)
    for row in 0..<rows { for column in 0..<columns { result[column, row] = self[row, column] } }
    return result
  }

  func product(with other: ToyMatrix) -> Double {
    zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 }
  }

  var norm: Double { product(with: self).squareRoot() }

  func scaled(to norm: Double) -> ToyMatrix { self * (norm / self.norm) }

  static func * (a: ToyMatrix, factor: Double) -> ToyMatrix {
    var result = a
    for index in result.values.indices { result.values[index] *= factor }
    return result
  }

  static func - (a: ToyMatrix, b: ToyMatrix) -> ToyMatrix {
    var result = a
    for index in result.values.indices { result.values[index] -= b.values[index] }
    return result
  }

  static func * (a: ToyMatrix, b: ToyMatrix) -> ToyMatrix {
    var result = ToyMatrix(a.rows, b.columns)
    for row in 0..<a.rows {
      for inner in 0..<a.columns {
        let factor = a[row, inner]
        for column in 0..<b.columns { result[row, column] += factor * b[inner, column] }
      }
    }
    return result
  }
}
