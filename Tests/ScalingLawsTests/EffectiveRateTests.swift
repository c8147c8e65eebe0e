import Numerics
import Runs
import ScalingLaws
import Testing

/// Laws in the effective rate, and the way back to the peak rate.
@Suite struct EffectiveRateTests {
  private static let world = EffectiveWorld()
  private static let peaks = PlantedSweeps.rates(9)
  private static let runs = world.runs(at: PlantedSweeps.scales(), peaks: peaks, seed: 51)

  private func fit(_ rate: RateKind, _ runs: [RunRecord] = runs) throws -> LearningRateLaw {
    var options = FitOptions()
    options.draws = 200
    options.rate = rate
    return try LearningRateLaw(
      fitting: runs, from: LawSource(file: "runs.csv", digest: nil), options: options)
  }

  @Test("the law and the conversion come back, and the peak rate at the target with them")
  func recovery() throws {
    let law = try fit(.effective)
    #expect(law.rateKind == .effective)
    #expect(law.rate.quantity == .effectiveLearningRate)
    #expect(law.warns(of: .effectiveRate))
    let params = try #require(law.rate.coefficient(of: .params))
    #expect((params.lower...params.upper).contains(-0.4))

    let conversion = try #require(law.conversion)
    #expect(conversion.factors == [.peak, .params, .tokens])
    #expect(conversion.residual < 0.03)
    for scale in PlantedSweeps.scales() {
      let peak = Self.world.optimalPeak(at: scale)
      let back = conversion.logPeak(
        atLogEffective: .log(Self.world.effective(atPeak: peak, scale)), scale)
      #expect(abs(back.value - Double.log(peak)) < 1.645 * back.standardError)
      #expect(
        conversion.logEffective(atLogPeak: back.value, scale)
          .isApproximatelyEqual(
            to: Double.log(Self.world.effective(atPeak: peak, scale)), absoluteTolerance: 1e-9))
    }

    let answer = Recommendation(law, at: PlantedSweeps.target, confidence: 0.9)
    let scale = PlantedSweeps.target.at(batch: PlantedSweeps.batch)
    #expect((answer.lower...answer.upper).contains(Self.world.law.optimum(at: scale)))
    let peak = try #require(answer.peak)
    #expect((peak.lower...peak.upper).contains(Self.world.optimalPeak(at: scale)))
    // The interval is that of the effective rate over the slope, and the conversion's error beside it.
    let slope =
      Double.log(answer.upper / answer.lower) / Double.log(peak.upper / peak.lower)
    #expect((0.5...1.1).contains(slope))
    #expect(answer.law.hasPrefix("effective LR* = "))
  }

  @Test(
    "where the peak rate's law bends and the effective rate's does not, the latter extrapolates")
  func comparison() throws {
    let law = try fit(.peak)
    let comparison = try #require(law.rateComparison)
    #expect(comparison.effective.error < 0.8 * comparison.peak.error)
    // The exponent changes by 0.4 in the middle of the sweep; the prior draws it towards 0.
    #expect(comparison.peak.curvature.value > 0.15 && comparison.peak.curvature.upper > 0.4)
    #expect(comparison.effective.curvature.lower < 0 && comparison.effective.curvature.upper > 0)
    #expect(comparison.predictedCells == 10)
    #expect(comparison.summary.contains("the effective rate extrapolates better"))
    #expect(try fit(.effective).rateComparison == comparison)
    #expect(law.conversion == nil && law.rateKind == .peak)

    let scale = PlantedSweeps.target.at(batch: PlantedSweeps.batch)
    let truth = Self.world.optimalPeak(at: scale)
    let direct = Recommendation(law, at: PlantedSweeps.target, confidence: 0.9)
    let mapped = Recommendation(
      try fit(.effective), at: PlantedSweeps.target, confidence: 0.9)
    let misses = [try #require(mapped.peak).optimum, direct.optimum].map { Double.log($0 / truth) }
    #expect(abs(misses[0]) < abs(misses[1]))
  }

  @Test("a law in peak rates is the same, to the bit, whether runs carry effective ones or not")
  func unchanged() throws {
    let without = Self.runs.map { record in
      var record = record
      record.effectiveLearningRate = nil
      return record
    }
    let plain = try fit(.peak, without)
    #expect(plain.rateComparison == nil)
    let carrying = try fit(.peak)
    #expect(carrying.rate == plain.rate)
    #expect(carrying.cells == plain.cells)
  }

  @Test("the order of rows does not matter, to the bit")
  func order() throws {
    var random = KeyedRandom(seed: 3)
    let first = try fit(.effective)
    let second = try fit(.effective, Self.runs.shuffled(using: &random))
    #expect(first.rate == second.rate)
    #expect(first.conversion == second.conversion)
    #expect(first.rateComparison == second.rateComparison)
  }

  @Test("runs that lack the rate are refused with the first line, diverged ones are left out")
  func missing() throws {
    var runs = Self.runs
    var diverged = 0
    for index in runs.indices {
      runs[index].source = RunSource(file: "runs.csv", line: index + 2)
      if runs[index].hasDiverged {
        runs[index].effectiveLearningRate = nil
        diverged += 1
      }
    }
    #expect(diverged > 0)
    let law = try fit(.effective, runs)
    #expect(law.warns(of: .effectiveRateMissing))
    #expect(law.source.runs == runs.count - diverged)
    runs[3].effectiveLearningRate = nil
    runs[5].effectiveLearningRate = nil
    #expect(throws: FitError.effectiveRateMissing(count: 2, first: "on line 5")) {
      try fit(.effective, runs)
    }
    #expect(try fit(.peak, runs).rateComparison == nil)
  }

  @Test("an effective rate that falls with the peak rate is refused, and compares to nothing")
  func falling() throws {
    let runs = Self.runs.map { run in
      var run = run
      run.effectiveLearningRate = run.effectiveLearningRate.map { 1e-6 / $0 }
      return run
    }
    #expect(throws: FitError.effectiveRateFalls) { try fit(.effective, runs) }
    #expect(try fit(.peak, runs).rateComparison == nil)
  }

  @Test("beyond where it is known to rise the conversion goes on straight, so that a peak is found")
  func continuation() throws {
    let conversion = try #require(try fit(.effective).conversion)
    let scale = PlantedSweeps.target.at(batch: PlantedSweeps.batch)
    var last = -Double.infinity
    for step in -40...40 {
      let logEffective = Double(step) / 4
      let peak = conversion.logPeak(atLogEffective: logEffective, scale)
      #expect(peak.value > last && peak.standardError.isFinite)
      #expect(
        conversion.logEffective(atLogPeak: peak.value, scale)
          .isApproximatelyEqual(to: logEffective, absoluteTolerance: 1e-6))
      last = peak.value
    }
  }
}
