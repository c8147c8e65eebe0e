import Foundation
import Interop
import Runs
import Testing

@Suite struct TailLossTests {
  /// Noise of unit variance in which each point is `rho` times the last and something new.
  private static func noise(_ rho: Double, count: Int, stream: UInt64) -> [Double] {
    var random = KeyedRandom(seed: 11, stream)
    var last = random.normal()
    return (0..<count).map { _ in
      last = rho * last + (1 - rho * rho).squareRoot() * random.normal()
      return last
    }
  }

  /// All points but one at the start are in the last 5 % of the steps.
  private static func tail(_ values: [Double]) -> TailLoss? {
    TailLoss(
      steps: [0] + values.indices.map { 100 * values.count + $0 }, values: [9] + values)
  }

  @Test("the loss is the mean over the last 5 % of the steps, not of the points")
  func share() throws {
    let steps = [0, 200, 300, 400, 951, 960, 1000]
    let tail = try #require(TailLoss(steps: steps, values: [9, 9, 9, 9, 1, 2, 6]))
    #expect(tail.count == 3)
    #expect(tail.value == 3)
  }

  @Test("a point at the very start of the last 5 % is before it")
  func edge() throws {
    let steps = [0, 900, 940, 950, 951, 960, 1000]
    let tail = try #require(TailLoss(steps: steps, values: [9, 9, 9, 9, 1, 2, 6]))
    #expect(tail.count == 3)
    #expect(tail.value == 3)
  }

  @Test("the standard error of eight points is known by hand")
  func byHand() throws {
    // Mean and slope are 0, the variance is 1, and the sum of the first two covariances 7/8, of the
    // next two below 0: an autocorrelation time of 3/4, with 6 degrees of freedom.
    let error = try #require(Self.tail([1, -1, -1, 1, 1, -1, -1, 1])?.standardError)
    #expect(abs(error - 0.125.squareRoot()) < 1e-12)
  }

  @Test("points that alternate have a small error, and one that is a number")
  func alternating() throws {
    let values = (0..<100).map { $0.isMultiple(of: 2) ? 3.0 : 1.0 }
    let error = try #require(Self.tail(values)?.standardError)
    #expect(0.005 < error && error < 0.02)
  }

  @Test("the last point counts where it is the only one")
  func onePoint() throws {
    let tail = try #require(TailLoss(steps: [100, 200], values: [9, 4]))
    #expect(tail.value == 4)
    #expect(tail.standardError == nil)
  }

  @Test("few points have no standard error, and eight have one")
  func fewPoints() throws {
    #expect(Self.tail(Self.noise(0, count: 7, stream: 0))?.standardError == nil)
    #expect(Self.tail(Self.noise(0, count: 8, stream: 0))?.standardError != nil)
  }

  @Test("there is no last loss where the last is no number, or where there is none")
  func noLoss() {
    #expect(TailLoss(steps: [], values: []) == nil)
    #expect(TailLoss(steps: [1, 2], values: [3, .nan]) == nil)
  }

  @Test("what is no number among the last points is passed over")
  func passedOver() throws {
    let tail = try #require(Self.tail([1, .nan, 3]))
    #expect(tail.value == 2)
    #expect(tail.count == 2)
  }

  @Test(
    "the standard error is the spread of the mean, also of noise that remembers",
    arguments: [0, 0.5, 0.9])
  func standardError(rho: Double) throws {
    let runs = 400
    let tails = try (0..<runs).map { run in
      try #require(Self.tail(Self.noise(rho, count: 1000, stream: UInt64(run))))
    }
    let means = tails.map(\.value)
    let mean = means.reduce(0, +) / Double(runs)
    let spread = (means.reduce(0) { $0 + pow($1 - mean, 2) } / Double(runs - 1)).squareRoot()
    let errors = tails.compactMap(\.standardError)
    let error = (errors.reduce(0) { $0 + $1 * $1 } / Double(runs)).squareRoot()
    #expect(errors.count == runs)
    #expect(abs(error / spread - 1) < 0.15)
    // What theory says of the mean of such noise.
    let known = ((1 + rho) / (1 - rho) / 1000).squareRoot()
    #expect(abs(error / known - 1) < 0.15)
  }

  @Test("a fall over the tail is no noise")
  func trend() throws {
    let noise = Self.noise(0.5, count: 1000, stream: 3).map { 0.01 * $0 }
    let flat = try #require(Self.tail(noise)?.standardError)
    let falling = noise.enumerated().map { 3 - 0.001 * Double($0) + $1 }
    let error = try #require(Self.tail(falling)?.standardError)
    #expect(abs(error / flat - 1) < 1e-6)
  }

  @Test("a line without noise has no error, and no number that is none")
  func line() throws {
    let even = try #require(Self.tail(Array(repeating: 2.5, count: 100)))
    #expect(even.standardError == 0)
    #expect(even.value == 2.5)
  }

  @Test("a tail of very many points that all remember one another is soon done")
  func longTail() throws {
    let count = 1 << 20
    let values = (0..<count).map { 3 + cos(Double($0) / Double(count) * .pi) }
    let clock = ContinuousClock()
    var tail: TailLoss?
    let time = clock.measure {
      tail = Self.tail(values)
    }
    #expect(tail?.count == count)
    #expect(time < .seconds(5))
    let noise = Self.noise(0.9, count: 100_000, stream: 5)
    let error = try #require(Self.tail(Array(noise.prefix(40_000)))?.standardError)
    #expect(abs(error / (19.0 / 40_000).squareRoot() - 1) < 0.25)
  }
}
