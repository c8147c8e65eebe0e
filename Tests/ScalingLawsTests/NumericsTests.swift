import Numerics
import Runs
import ScalingLaws
import Testing

@Suite struct NumericsTests {
  @Test("least squares solves a line through scattered points as the textbook does")
  func line() throws {
    let x = [0.0, 1, 2, 3]
    let y = [1.0, 2, 2, 5]
    let fit = try LeastSquares(rows: x.map { [1, $0] }, rightHandSides: [y, y.map { 2 * $0 }])
    // Normal equations by hand: slope 6 / 5, intercept 0.7, residual sum 1.8.
    #expect(fit.solutions[0][0].isApproximatelyEqual(to: 0.7, relativeTolerance: 1e-12))
    #expect(fit.solutions[0][1].isApproximatelyEqual(to: 1.2, relativeTolerance: 1e-12))
    #expect(fit.solutions[1][1].isApproximatelyEqual(to: 2.4, relativeTolerance: 1e-12))
    #expect(fit.residualSquares[0].isApproximatelyEqual(to: 1.8, relativeTolerance: 1e-12))
    // The determinant of X'X is 4 * 14 - 6 * 6.
    #expect(fit.logDeterminant.isApproximatelyEqual(to: .log(20), relativeTolerance: 1e-12))
  }

  @Test("dependent columns are an error")
  func singular() {
    #expect(throws: FitError.singular) {
      try LeastSquares(rows: [[1, 0], [1, 0], [1, 0]], rightHandSides: [[1, 2, 3]])
    }
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
