import Foundation
import Runs
import ScalingLaws
import Studies
import Testing

@Suite struct StudyDiagnosisTests {
  /// Runs of cells whose losses are parabolas in the log of the rate.
  private struct World {
    var optimum: (_ tokens: Double) -> Double = { _ in 8e-3 }
    var effective: (_ rate: Double, _ tokens: Double) -> Double? = { _, _ in nil }
    var rates = (0..<7).map { 1e-3 * pow(2, Double($0)) }
    var diverges: (_ rate: Double) -> Bool = { _ in false }
    var spikes: (_ rate: Double) -> Int = { _ in 0 }
    var decaySum = 5.0
    var horizons = [1e6, 2e6, 4e6, 8e6, 16e6]

    func diagnosis() -> StudyDiagnosis {
      StudyDiagnosis(
        name: "study", runs: horizons.flatMap { tokens in rates.map { run($0, tokens) } })
    }

    private func run(_ rate: Double, _ tokens: Double) -> StudiedRun {
      let isLost = diverges(rate)
      let distance = log2(rate / optimum(tokens))
      return StudiedRun(
        id: "\(rate) \(tokens)",
        cell: CellPlace(params: 1e6, tokens: tokens, batchTokens: 8192, variant: "adamw, wsd"),
        learningRate: rate, seed: "0", isHeldOut: false, hasEnded: true, hasDiverged: isLost,
        loss: isLost ? nil : 2 + 0.05 * distance * distance, initialLoss: 2.3, spikes: spikes(rate),
        decaySum: decaySum * rate / 8e-3, displacement: effective(rate, tokens),
        rateOverNorm: effective(rate, tokens), findings: [])
    }
  }

  private func kinds(_ world: World) -> [Finding.Kind] { world.diagnosis().findings.map(\.kind) }

  @Test("a stable study has nothing to report")
  func stable() {
    #expect(kinds(World()).isEmpty)
  }

  @Test("the optimum lies at the bottom of the parabola, between the rates")
  func optimum() throws {
    let cell = try #require(World(optimum: { _ in 6e-3 }).diagnosis().cells.first)
    #expect(abs(try #require(cell.optimum?.learningRate) / 6e-3 - 1) < 1e-9)
  }

  @Test("sensitivity counts a run that diverged as one that learnt nothing")
  func sensitivity() throws {
    let rates = [4e-3, 8e-3, 1.6e-2, 3.2e-2]
    let cell = try #require(World(rates: rates, diverges: { $0 > 3e-2 }).diagnosis().cells.first)
    let found = try #require(cell.tried.sensitivity)
    #expect(abs(found.value - (0.05 + 0 + 0.05 + 0.3) / 4) < 1e-9)
  }

  @Test("an optimum beside a run that diverged is unstable, beside one that spiked worth a note")
  func unstable() {
    let lost = World(diverges: { $0 > 1e-2 }).diagnosis().findings
    #expect(lost.map(\.kind) == Array(repeating: .unstableOptimum, count: 5))
    #expect(lost.allSatisfy { $0.severity == .caution })
    let spiked = World(spikes: { $0 > 1e-2 ? 1 : 0 }).diagnosis().findings
    #expect(spiked.allSatisfy { $0.kind == .unstableOptimum && $0.severity == .note })
    #expect(spiked.count == 5)
    // Two steps away is no neighbour.
    #expect(kinds(World(diverges: { $0 > 2e-2 })).isEmpty)
  }

  @Test("cells in which no rate trained are told of before all else")
  func nothingTrained() throws {
    let findings = World(diverges: { _ in true }).diagnosis().findings
    #expect(findings.map(\.kind) == Array(repeating: .noRateTrained, count: 5))
    #expect(findings.allSatisfy { $0.severity == .danger })
    #expect(findings.first?.seen == "at each of 7 rates, from 1.0e-3 to 6.4e-2, a run diverged")
  }

  @Test("an optimum at the edge is told of, with the side")
  func edge() {
    let findings = World(optimum: { _ in 1 }).diagnosis().findings
    #expect(findings.filter { $0.kind == .optimumAtEdge }.count == 5)
    #expect(findings.first { $0.kind == .optimumAtEdge }?.seen.contains("highest") == true)
  }

  @Test("cells that never equilibrated at their optimum are counted")
  func unsettled() throws {
    let found = try #require(
      World(decaySum: 0.5).diagnosis().findings.first { $0.kind == .unsettledCells })
    #expect(found.evidence.contains(Finding.Evidence("unsettled", 5)))
  }

  @Test(
    "an effective rate that is steadier beyond its elasticity is told of, one that halves alone is not"
  )
  func steadiness() throws {
    func moved(_ tokens: Double) -> Double { 8e-3 * pow(tokens / 4e6, -0.3) }
    func scatter(_ tokens: Double) -> Double {
      exp(SimulatedRun.noise(Int(tokens), 0.1))
    }
    let many = (0..<9).map { 1e6 * pow(2, Double($0)) }
    // The effective rate at the optimum is one number for all horizons.
    let steady = World(
      optimum: { moved($0) * scatter($0) },
      effective: { rate, tokens in 1e-3 * (rate / moved(tokens)).squareRoot() }, decaySum: 50,
      horizons: many)
    let found = try #require(steady.diagnosis().findings.first { $0.kind == .steadierRate })
    #expect(found.meaning.contains("effective rate is the steadier"))
    // The root of the rate: half the spread, and nothing learnt.
    let root = World(
      optimum: { moved($0) * scatter($0) },
      effective: { rate, tokens in rate.squareRoot() * scatter(2 * tokens) }, decaySum: 50,
      horizons: many)
    #expect(root.diagnosis().findings.allSatisfy { $0.kind != .steadierRate })
    let reading = try #require(root.diagnosis().steadiness)
    #expect(abs(reading.elasticity - 0.5) < 1e-6 && reading.effectiveSpread < reading.rateSpread)
  }
}
