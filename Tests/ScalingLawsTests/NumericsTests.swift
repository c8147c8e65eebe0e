import Numerics
import Runs
import ScalingLaws
import Testing

@Suite struct NumericsTests {
  @Test("a Cholesky factor solves a system and gives its determinant as by hand")
  func cholesky() throws {
    // The matrix 4 2 / 2 10 has the factor 2 0 / 1 3.
    let factor = try Cholesky([4, 2, 2, 10], count: 2)
    #expect(factor.logDeterminant.isApproximatelyEqual(to: .log(36), relativeTolerance: 1e-12))
    let solution = try factor.solve([8, 22])
    #expect(solution[0].isApproximatelyEqual(to: 1, relativeTolerance: 1e-12))
    #expect(solution[1].isApproximatelyEqual(to: 2, relativeTolerance: 1e-12))
    let lower = try factor.solveLower([2, 7, 4, 2])
    #expect(lower == [1, 2, 2, 0])
  }

  @Test("draws have the inverse of the matrix as their covariance")
  func inverseDraws() throws {
    let factor = try Cholesky([4, 2, 2, 10], count: 2)
    let count = 50_000
    var random = KeyedRandom(seed: 3)
    var products = [0.0, 0, 0]
    for _ in 0..<count {
      let draw = try factor.inverseDraw([random.normal(), random.normal()])
      products[0] += draw[0] * draw[0] / Double(count)
      products[1] += draw[0] * draw[1] / Double(count)
      products[2] += draw[1] * draw[1] / Double(count)
    }
    for (product, expected) in zip(products, [10.0 / 36, -2.0 / 36, 4.0 / 36]) {
      #expect(abs(product - expected) < 0.01)
    }
  }

  @Test("a matrix that is not positive definite is an error")
  func singular() {
    #expect(throws: FitError.singular) { try Cholesky([1, 2, 2, 1], count: 2) }
    #expect(throws: FitError.singular) { try Cholesky([1, .nan, .nan, 1], count: 2) }
  }

  @Test("maximisation finds the top of a curved ridge")
  func ridge() {
    let top = maximize(
      from: [-1, 1], within: [-3...3, -3...3], step: 0.5, tolerance: 1e-7
    ) { v in -(1 - v[0]) * (1 - v[0]) - 10 * (v[1] - v[0] * v[0]) * (v[1] - v[0] * v[0]) }
    #expect(abs(top[0] - 1) < 1e-3)
    #expect(abs(top[1] - 1) < 1e-3)
  }

  @Test(
    "normal quantiles agree with tables",
    arguments: [(0.5, 0), (0.95, 1.644854), (0.025, -1.959964)])
  func quantiles(probability: Double, deviate: Double) {
    #expect(abs(normalQuantile(probability) - deviate) < 1e-6)
  }

  @Test("a random stream depends on its key, not on what was drawn before")
  func keyedStreams() {
    var first = KeyedRandom(seed: 1, 2, 3)
    var again = KeyedRandom(seed: 1, 2, 3)
    var other = KeyedRandom(seed: 1, 3, 2)
    let draws = (0..<5).map { _ in first.next() }
    #expect(draws == (0..<5).map { _ in again.next() })
    #expect(draws != (0..<5).map { _ in other.next() })
  }

  @Test("normal deviates have mean 0, variance 1 and the normal's tails")
  func normalDeviates() {
    let count = 100_000
    var random = KeyedRandom(seed: 7)
    let draws = (0..<count).map { _ in random.normal() }
    let mean = draws.reduce(0, +) / Double(count)
    let variance = draws.reduce(0) { $0 + $1 * $1 } / Double(count)
    let tail = Double(draws.filter { abs($0) > 1.959964 }.count) / Double(count)
    // Five standard errors each.
    #expect(abs(mean) < 5 / Double(count).squareRoot())
    #expect(abs(variance - 1) < 5 * (2 / Double(count)).squareRoot())
    #expect(abs(tail - 0.05) < 5 * (0.05 * 0.95 / Double(count)).squareRoot())
  }
}
