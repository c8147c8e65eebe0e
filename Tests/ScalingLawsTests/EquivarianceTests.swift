import Numerics
import Runs
import ScalingLaws
import Testing

/// Changing a unit changes the answer by that unit and by nothing else.
@Suite struct EquivarianceTests {
  private static let runs = PlantedLaw().runs(
    at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(), seed: 11)

  private func answer(
    _ change: (inout RunRecord) -> Void, at target: RunScale = PlantedSweeps.target
  ) throws -> Recommendation {
    let runs = Self.runs.map { record in
      var record = record
      change(&record)
      return record
    }
    return Recommendation(try PlantedSweeps.fit(runs), at: target, confidence: 0.9)
  }

  private func expectEqual(_ a: Recommendation, _ b: Recommendation, rateFactor: Double = 1) {
    let pairs = [
      (a.learningRate, b.learningRate), (a.optimum, b.optimum), (a.lower, b.lower),
      (a.upper, b.upper),
    ]
    for (x, y) in pairs {
      // Rounding of logs moves the optimiser's path, which stops within 0.01 of its variables.
      #expect(y.isApproximatelyEqual(to: x * rateFactor, relativeTolerance: 5e-3))
    }
  }

  @Test("params in another unit")
  func params() throws {
    var target = PlantedSweeps.target
    target.params *= 8
    expectEqual(try answer { _ in }, try answer({ $0.params *= 8 }, at: target))
  }

  @Test("tokens in another unit")
  func tokens() throws {
    var target = PlantedSweeps.target
    target.tokens *= 8
    expectEqual(try answer { _ in }, try answer({ $0.tokens *= 8 }, at: target))
  }

  @Test("learning rates in another unit")
  func learningRate() throws {
    expectEqual(try answer { _ in }, try answer { $0.learningRate *= 4 }, rateFactor: 4)
  }

  @Test("loss in another unit, such as bits")
  func loss() throws {
    expectEqual(try answer { _ in }, try answer { $0.loss = $0.loss.map { $0 / 0.693 } })
  }

  @Test("the order of rows does not matter, to the bit")
  func order() throws {
    var random = KeyedRandom(seed: 3)
    let shuffled = Self.runs.shuffled(using: &random)
    let first = try PlantedSweeps.fit(Self.runs)
    let second = try PlantedSweeps.fit(shuffled)
    #expect(first.rate == second.rate)
    #expect(first.basin == second.basin)
  }

  @Test("equal runs and seeds give equal draws, other seeds others")
  func seeds() throws {
    var options = FitOptions()
    options.draws = 100
    let source = LawSource(file: "runs.csv", digest: nil)
    let first = try LearningRateLaw(fitting: Self.runs, from: source, options: options)
    let again = try LearningRateLaw(fitting: Self.runs, from: source, options: options)
    options.seed = 1
    let other = try LearningRateLaw(fitting: Self.runs, from: source, options: options)
    #expect(first.rate.draws == again.rate.draws)
    #expect(first.rate.draws != other.rate.draws)
  }
}
