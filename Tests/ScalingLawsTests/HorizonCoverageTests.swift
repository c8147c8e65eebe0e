import Numerics
import Runs
import ScalingLaws
import Testing

/// Whether intervals of predicted losses hold what they promise.
@Suite struct HorizonCoverageTests {
  private static let sets = 50

  /// The share of predictions one and two horizons ahead that hold what annealing there measures.
  private func coverage(_ world: HorizonWorld) -> Double {
    var covered = 0
    var count = 0
    for set in 0..<Self.sets {
      let one = world.covered(predicting: [1.6e10, 3.2e10], seed: UInt64(set))
      covered += one.covered
      count += one.of
    }
    return Double(covered) / Double(max(count, 1))
  }

  @Test(
    "90 % intervals hold at least nine losses in ten where the law is true",
    arguments: [0.25, 0.4, 0.8], [1e-3, 4e-3])
  func trueLaw(exponent: Double, noise: Double) {
    var world = HorizonWorld()
    world.exponent = exponent
    world.noise = noise
    let coverage = coverage(world)
    print("γ \(exponent), noise \(noise): \(coverage)")
    // Beyond the noise they allow for a bend, which here there is none of.
    #expect((0.88...1).contains(coverage))
  }

  /// Sums of two powers: the law's exponent then drifts with the horizon.
  @Test(
    "90 % intervals hold at least three losses in four where the truth bends",
    arguments: [(0.25, 1.2, 0.3), (0.4, 0.15, 0.3), (0.4, 0.9, 0.5), (0.8, 0.15, 0.3)],
    [1e-4, 1e-3, 4e-3])
  func bend(powers: (Double, Double, Double), noise: Double) {
    var world = HorizonWorld()
    world.exponent = powers.0
    world.bend = (powers.1, powers.2)
    world.noise = noise
    let coverage = coverage(world)
    print("γ \(powers), noise \(noise): \(coverage)")
    #expect(coverage > 0.75)
  }

  @Test("errors grow with the distance ahead and with the noise")
  func growth() throws {
    var world = HorizonWorld()
    func errors() throws -> [Double] {
      let search = try #require(
        HorizonSearch(
          fitting: world.runs(), predicting: [1.6e10, 3.2e10, 6.4e10], confidence: 0.9))
      return try #require(search.laws.first?.curves.first).predicted.map(\.standardError)
    }
    let errorsOfQuiet = try errors()
    #expect(errorsOfQuiet == errorsOfQuiet.sorted())
    #expect(errorsOfQuiet.count == 3 && errorsOfQuiet[2] > 1.5 * errorsOfQuiet[0])
    world.noise *= 4
    #expect(try errors()[0] > 2 * errorsOfQuiet[0])
  }
}
