import Foundation
import Runs
import Studies
import Testing

@Suite struct EffectiveRateTests {
  /// Ten tokens a step, a thousand in all: warm-up to 100, decay from 800.
  private func run(_ kind: ScheduleDescription.Kind = .wsd) throws -> RunDescription {
    let model = try StudyDescription(yaml: SmallStudy.yaml, file: "study.yaml").models[0]
    var run = RunDescription(
      corpus: .synthetic(seed: 0, vocabulary: 16), model: model, tokens: 1000, learningRate: 1e-2)
    run.batchTokens = 10
    run.schedule = ScheduleDescription(kind)
    run.schedule.warmupTokens = 100
    run.telemetry = .init(every: 10)
    return run
  }

  private func look(
    _ step: Int, _ displacements: [(role: String, weights: Int, displacement: Double)]
  ) -> (event: TrainingEvent, telemetry: Telemetry) {
    let telemetry = Telemetry(
      matrices: displacements.map { role, weights, displacement in
        Telemetry.Matrix(
          path: "a", role: role, rows: weights, columns: 1, learningRate: 1, weightDecay: 0,
          weightNorm: 1, weightRMS: 1, updateRMS: 1, directionRMS: 1, displacement: displacement,
          rateOverNorm: 1, cosine: 0, topSingularValue: 1, gradientNorm: 1, gradientNoiseScale: nil)
      })
    return (TrainingEvent(step: step, tokens: 10 * step, .telemetry(telemetry)), telemetry)
  }

  private func look(_ step: Int, _ displacement: Double) -> (
    event: TrainingEvent, telemetry: Telemetry
  ) {
    look(step, [("hidden", 4, displacement)])
  }

  @Test("it is the geometric mean over the later half of the peak")
  func window() throws {
    // Warm-up and decay are passed over, and the first half of what is between them.
    let looks = [
      look(5, 9), look(11, 7), look(20, 7), look(50, 0.02), look(80, 0.08), look(81, 9),
      look(100, 9),
    ]
    let rate = try #require(EffectiveRate.of(try run(), looks))
    #expect(abs(rate - 0.04) < 1e-12)
  }

  @Test("matrices count by their weights, hidden ones alone")
  func weights() throws {
    let looks = [
      look(
        60, [("hidden", 30, 0.1), ("expert_up", 10, 0.3), ("embedding", 1000, 5), ("norm", 9, 5)])
    ]
    let rate = try #require(EffectiveRate.of(try run(), looks))
    #expect(abs(rate - ((30 * 0.01 + 10 * 0.09) / 40).squareRoot()) < 1e-12)
  }

  @Test("where a schedule has no flat part, steps are taken for those at the peak by its factor")
  func noPlateau() throws {
    // The line from 100 to 1000 is above nine tenths of the peak up to 190.
    let looks = [look(15, 0.95 * 0.1), look(60, 0.01), look(90, 0.001)]
    var line = try run(.linear)
    line.schedule.floor = 0
    let rate = try #require(EffectiveRate.of(line, looks))
    // Half a step before 150 tokens, the factor is 1 - 45/900.
    #expect(abs(rate - 0.1) < 1e-12)
  }

  @Test("a peak that was not looked at, or at which nothing moved, gives none")
  func none() throws {
    #expect(EffectiveRate.of(try run(), []) == nil)
    #expect(EffectiveRate.of(try run(), [look(5, 1), look(95, 1)]) == nil)
    #expect(EffectiveRate.of(try run(), [look(50, 0)]) == nil)
    #expect(EffectiveRate.of(try run(), [look(50, [("embedding", 4, 1)])]) == nil)
  }

  @Test("looks that only a trunk has, at its end, are none of a run that goes on")
  func trunkEnd() throws {
    var rare = try run()
    rare.telemetry = .init(every: 1000)
    // Doubling steps are looked at; step 50 is not one of them.
    let rate = try #require(EffectiveRate.of(rare, [look(50, 9), look(64, 0.1)]))
    #expect(abs(rate - 0.1) < 1e-12)
  }
}
