import Numerics
import Testing

/// Whether intervals hold what they promise when tables are as people's tables are.
@Suite(.tags(.slow)) struct DamagedCoverageTests {
  /// Each world must keep its promise as far as its number of sweeps can tell.
  ///
  /// Where the rate is 0.9, a count outside `accepted` has a chance below one in a thousand on either
  /// side, so that at most one in sixty sets of eight worlds fails by bad luck: of 66 sweeps it is 51
  /// to 65, of 38 sweeps 28 to 38. Where nothing scatters, the spreads stay partly a prior guess and
  /// intervals are wider than they need to be, so there only too few is a failure. The share of all
  /// 500 has a standard error of 1.3 %: 0.86 is three below the nominal rate, and the upper bound
  /// leaves room for such worlds.
  @Test("of damaged sweeps too, 90 % intervals hold what a sweep at the target finds")
  func coverage() async throws {
    let worlds = DamagedWorld.allCases
    let outcomes = try await withThrowingTaskGroup { group in
      for world in worlds {
        for sweep in 0..<world.sweeps {
          group.addTask { (world, try world.outcome(ofSweep: sweep)) }
        }
      }
      return try await group.reduce(into: [DamagedWorld: [DamagedWorld.Outcome]]()) {
        $0[$1.0, default: []].append($1.1)
      }
    }
    for world in worlds {
      let found = try #require(outcomes[world])
      let covered = found.count(where: \.holdsMeasured)
      Self.report("\(world)", found)
      let accepted = Self.accepted(of: found.count)
      let most = world == .exactLaw ? found.count : accepted.upperBound
      #expect(
        (accepted.lowerBound...most).contains(covered), "\(world): \(covered) of \(found.count)")
    }
    let all = outcomes.values.flatMap(\.self)
    Self.report("all", all)
    #expect(all.count == 500)
    let share = Double(all.count(where: \.holdsMeasured)) / Double(all.count)
    #expect((0.86...0.97).contains(share), "\(share)")
  }

  private static func report(_ name: String, _ outcomes: [DamagedWorld.Outcome]) {
    func percent(_ holds: (DamagedWorld.Outcome) -> Bool) -> Double {
      (1000 * Double(outcomes.count(where: holds)) / Double(outcomes.count)).rounded() / 10
    }
    let octaves = outcomes.map(\.octaves).sorted()[outcomes.count / 2]
    print(
      "\(name): \(percent(\.holdsMeasured)) % of \(outcomes.count) hold the measured optimum, "
        + "\(percent(\.holdsOptimum)) % the planted one; \((100 * octaves).rounded() / 100) octaves"
    )
  }

  /// The counts of a binomial with a rate of 0.9 that leave less than a thousandth on either side.
  private static func accepted(of count: Int) -> ClosedRange<Int> {
    let rate = 0.9
    var chance = Double.pow(1 - rate, Double(count))
    var below = 0.0
    var lower = 0
    var upper = 0
    for successes in 0...count {
      if below + chance < 1e-3 { lower = successes + 1 }
      if below < 1 - 1e-3 { upper = successes }
      below += chance
      chance *= rate / (1 - rate) * Double(count - successes) / Double(successes + 1)
    }
    return lower...upper
  }
}
