import Foundation
import Runs
import ScalingLaws
import Testing

@Suite struct RivalComparisonTests {
  /// Losses of one variant at sizes 1M and 10M on 100M tokens: a basin around `optimum`, `floor` deep.
  private func runs(
    floor: [Double], optimum: Double, seeds: [String?] = ["0"],
    luck: (String) -> Double = { _ in 0 },
    rates: [Double] = [1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2], divergesAbove: Double = .infinity
  ) -> [RunRecord] {
    zip([1e6, 1e7], floor).flatMap { params, floor in
      rates.flatMap { rate in
        seeds.map { seed in
          let z = log(rate / optimum)
          var run = RunRecord(
            params: params, tokens: 1e8, learningRate: rate,
            loss: rate > divergesAbove
              ? nil : (floor + 0.05 * z * z) * exp(seed.map(luck) ?? 0))
          run.batchTokens = 8192
          run.vocabulary = 256
          run.seed = seed
          run.lossStandardError = seed == "1" ? 0.02 : 0.01
          run.status = rate > divergesAbove ? .diverged : .finished
          return run
        }
      }
    }
  }

  private func entrant(
    _ variant: Int, _ title: String, _ records: [RunRecord], noise: Double? = nil
  ) -> RivalComparison.Entrant {
    .init(rival: .init(variant: variant, title: title), records: records, noise: noise)
  }

  @Test(
    "each variant is judged at its own best rate, and how the winner changes with scale is said")
  func winners() throws {
    let comparison = RivalComparison([
      entrant(1, "adamw", runs(floor: [3, 2.8], optimum: 2e-3), noise: 0.001),
      entrant(2, "muon", runs(floor: [3.1, 2.6], optimum: 8e-3), noise: 0.001),
    ])
    #expect(comparison.cells.map(\.best) == [1, 2])
    #expect(comparison.cells.allSatisfy { $0.isSure })
    #expect(comparison.cells[0].standings.map(\.learningRate) == [2e-3, 8e-3])
    let behind = try #require(comparison.cells[0].standings[1].differencePercent)
    #expect(abs(behind - 100 * (3.1 / 3 - 1)) < 1e-9)
    // The scatter of both, as the runs share no more than what basins do not show.
    let error = try #require(comparison.cells[0].standings[1].differenceError)
    #expect(abs(error - 100 * 0.001 * 2.0.squareRoot()) < 1e-9)
    #expect(comparison.errorSource == .basins)
    let trend = try #require(comparison.trends.first)
    #expect(trend.variant == 1 && trend.against == 2)
    let slope = 100 * (2.8 / 2.6 - 3 / 3.1)
    #expect(abs(trend.percentPerDecade - slope) < 1e-9)
    #expect(
      comparison.sentences.contains {
        $0.contains("the winner changes with scale: variant 1 at 1M")
      })
  }

  @Test("runs of one seed are compared with each other, so what a seed does to both is no error")
  func paired() throws {
    let seeds = ["0", "1", "2", "3"]
    // The seeds differ by percents, the variants within a seed by a tenth of a percent more or less.
    func shared(_ seed: String) -> Double { 0.02 * (Double(seed) ?? 0) }
    func own(_ seed: String) -> Double { shared(seed) + (seed == "1" ? 0.001 : 0) }
    let comparison = RivalComparison([
      entrant(1, "a", runs(floor: [3, 2.8], optimum: 2e-3, seeds: seeds, luck: shared)),
      entrant(2, "b", runs(floor: [3.03, 2.828], optimum: 2e-3, seeds: seeds, luck: own)),
    ])
    #expect(comparison.errorSource == .seeds)
    let standing = comparison.cells[0].standings[1]
    let error = try #require(standing.differenceError)
    // Deviations of 0.00075 and three of -0.00025 at both scales: the pooled deviation is 0.0005.
    #expect(abs(error - 100 * 0.0005 / 2) < 1e-6, "\(error)")
    let spread = try #require(standing.standardError)
    #expect(spread > 10 * error / 100 * (standing.loss ?? 0))
    #expect(comparison.cells.allSatisfy { $0.isSure })
  }

  @Test("a variant that more seeds were tried with is not ahead, or behind, by these")
  func unevenSeeds() throws {
    func luck(_ seed: String) -> Double { 0.05 * (Double(seed) ?? 0) }
    let comparison = RivalComparison([
      entrant(1, "a", runs(floor: [3], optimum: 2e-3, seeds: ["0", "1", "2"], luck: luck)),
      entrant(2, "b", runs(floor: [3.03], optimum: 2e-3, seeds: ["0", "1"], luck: luck)),
    ])
    let cell = try #require(comparison.cells.first)
    #expect(cell.best == 1)
    let behind = try #require(cell.standings[1].differencePercent)
    #expect(abs(behind - 1) < 0.1, "\(behind)")
  }

  @Test("a rate at which one seed diverged is not the best one, and edges are named")
  func divergence() throws {
    var records = runs(floor: [3, 2.8], optimum: 8e-3, seeds: ["0", "1"])
    for index in records.indices
    where records[index].learningRate == 8e-3 && records[index].seed == "1" {
      records[index].status = .diverged
      records[index].loss = nil
    }
    let comparison = RivalComparison([
      entrant(1, "a", records),
      entrant(2, "b", runs(floor: [3, 2.8], optimum: 1e-4, seeds: ["0", "1"])),
    ])
    let standings = comparison.cells[0].standings
    #expect(standings[0].learningRate != 8e-3)
    #expect(standings[0].divergedRuns == 1)
    #expect(standings[1].edge == .lowest)
    #expect(comparison.sentences.contains { $0.contains("the lowest or the highest tried") })
    #expect(standings[1].remark == "lowest rate tried")
  }

  @Test("with one seed and no basin no error is claimed, and nobody is surely ahead")
  func unknown() {
    let comparison = RivalComparison([
      entrant(1, "a", runs(floor: [3, 2], optimum: 2e-3)),
      entrant(2, "b", runs(floor: [4, 3], optimum: 2e-3)),
    ])
    #expect(comparison.errorSource == nil)
    #expect(comparison.cells.allSatisfy { !$0.isSure })
    #expect(comparison.sentences.contains { $0.contains("add `seeds`") })
  }

  @Test("scales at which only one variant ended are no comparison; all diverged is no winner")
  func scales() {
    let alone = RivalComparison([
      entrant(1, "a", runs(floor: [3, 2], optimum: 2e-3)), entrant(2, "b", []),
    ])
    #expect(alone.cells.isEmpty)
    #expect(alone.sentences == ["no scale has losses of two variants yet"])
    let lost = RivalComparison([
      entrant(1, "a", runs(floor: [3, 2], optimum: 2e-3, divergesAbove: 0)),
      entrant(2, "b", runs(floor: [3, 2], optimum: 2e-3, divergesAbove: 0)),
    ])
    #expect(lost.cells.map(\.best) == [nil, nil])
    #expect(lost.cells.allSatisfy { !$0.isSure })
  }

  @Test("nothing depends on the order of runs")
  func order() {
    let (a, b) = (
      runs(floor: [3, 2.8], optimum: 2e-3, seeds: ["0", "1"]),
      runs(floor: [3.1, 2.6], optimum: 8e-3, seeds: ["0", "1"])
    )
    #expect(
      RivalComparison([entrant(1, "a", a), entrant(2, "b", b)])
        == RivalComparison([entrant(1, "a", a.reversed()), entrant(2, "b", b.reversed())]))
  }

  @Test(
    "of equal rivals one is called surely the best in about a twentieth of cells",
    arguments: [2, 4])
  func equals(rivals: Int) throws {
    let count = 400
    let sure = (0..<count).count { repetition in
      let comparison = RivalComparison(
        (1...rivals).map { variant in
          entrant(
            variant, "rival \(variant)",
            runs(
              floor: [3], optimum: 2e-3, seeds: ["0", "1", "2"],
              luck: { seed in
                var random = KeyedRandom(
                  seed: UInt64(repetition), UInt64(variant), UInt64(seed) ?? 0)
                return 0.01 * random.normal()
              }, rates: [2e-3]))
        })
      return comparison.cells.contains(where: \.isSure)
    }
    #expect(Double(sure) < 0.08 * Double(count), "\(sure) of \(count)")
  }
}
