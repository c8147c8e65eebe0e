import Numerics
import Runs
import ScalingLaws
import Testing

@Suite struct TrunkCorrelationTests {
  /// Slices of `rates` runs whose residuals follow each other along `branches` with a correlation.
  private func slices(
    rates: Int, branches: Int, correlation: Double, seed: UInt64
  ) -> [[ErrorShare]] {
    var residuals = (0..<rates).map { trunk in
      var random = KeyedRandom(seed: seed, UInt64(trunk))
      return random.normal()
    }
    return (0..<branches).map { branch in
      (0..<rates).map { trunk in
        defer {
          var random = KeyedRandom(seed: seed, UInt64(trunk), UInt64(branch), 1)
          residuals[trunk] =
            correlation * residuals[trunk]
            + (1 - correlation * correlation).squareRoot() * random.normal()
        }
        return ErrorShare(trunk: trunk, branch: branch, share: 1, residual: residuals[trunk])
      }
    }
  }

  @Test("the correlation of neighbours is found", arguments: [0.0, 0.5, 0.9])
  func found(planted: Double) {
    let correlation = TrunkCorrelation(
      slices(rates: 200, branches: 8, correlation: planted, seed: 3))
    #expect(abs(correlation.ofNeighbours - planted) < 0.06)
  }

  @Test("without pairs, or with basins of too few runs, half is taken to be common")
  func unknown() {
    #expect(TrunkCorrelation([]).ofNeighbours == 0.5)
    #expect(
      TrunkCorrelation(slices(rates: 200, branches: 1, correlation: 0, seed: 1)).ofNeighbours
        == 0.5)
    #expect(
      TrunkCorrelation(slices(rates: 4, branches: 50, correlation: 0, seed: 1)).ofNeighbours
        == 0.5)
  }

  @Test("optima correlate by the trunks they share and the branches between")
  func matrix() {
    func share(_ trunk: Int, _ branch: Int, _ share: Double) -> ErrorShare {
      ErrorShare(trunk: trunk, branch: branch, share: share, residual: 0)
    }
    let matrix = TrunkCorrelation(ofNeighbours: 0.5).matrix([
      [share(0, 0, 0.6), share(1, 0, 0.8)], [share(0, 2, 1)], [share(2, 0, 1)],
    ])
    #expect(matrix == [1, 0.15, 0, 0.15, 1, 0, 0, 0, 1])
  }
}
