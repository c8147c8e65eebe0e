import Numerics
import Runs
import ScalingLaws
import Testing

@Suite struct WeightDecayTests {
  @Test("AdamW's weights settle at the size and after the steps that the formulas say")
  func settledSize() {
    let decay = WeightDecaySetting(
      0.1, .decoupled, learningRate: 1e-3, batchTokens: 5e5, tokens: 1e10)
    #expect(decay.settledSize.isApproximatelyEqual(to: 7.071068e-2, relativeTolerance: 1e-6))
    #expect(decay.normSteps.isApproximatelyEqual(to: 5000))
    // 20,000 steps are two timescales.
    #expect(decay.timescale.isApproximatelyEqual(to: 0.5))
    #expect(decay.normTurnovers.isApproximatelyEqual(to: 4))
    #expect(decay.hasSettled)
  }

  @Test("a decay is the same one in every unit", arguments: DecayUnit.allCases)
  func conversions(unit: DecayUnit) {
    let decay = WeightDecaySetting(
      0.1, .decoupled, learningRate: 2e-3, batchTokens: 1e6, tokens: 1e11)
    let again = WeightDecaySetting(
      decay.value(in: unit), unit, learningRate: 2e-3, batchTokens: 1e6, tokens: 1e11)
    #expect(again.value(in: .decoupled).isApproximatelyEqual(to: 0.1))
    #expect(decay.value(in: .independent).isApproximatelyEqual(to: 2e-4))
    #expect(decay.value(in: .timescale).isApproximatelyEqual(to: 0.05))
  }

  private func law(_ decay: RecordedWeightDecay) throws -> LearningRateLaw {
    var runs = PlantedLaw().runs(
      at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(), seed: 7)
    for index in runs.indices { runs[index].weightDecay = decay }
    return try PlantedSweeps.fit(runs)
  }

  @Test("a recommendation says the runs' timescale and the decays that would keep it")
  func advice() throws {
    let law = try law(RecordedWeightDecay(value: 0.1, convention: "decoupled"))
    let answer = Recommendation(law, at: PlantedSweeps.target, confidence: 0.9)
    let advice = try #require(answer.decayAdvice)
    let batch = try #require(answer.batchTokens)
    func timescale(_ value: Double) -> Double {
      batch / (answer.learningRate * value * answer.tokens)
    }
    #expect(advice.asInRuns.value == 0.1)
    #expect(advice.asInRuns.timescale.isApproximatelyEqual(to: timescale(0.1)))
    #expect(
      timescale(advice.keepingTimescale.value).isApproximatelyEqual(to: advice.usualTimescale))
    #expect(advice.runsTimescale.lower < advice.usualTimescale)
    #expect(advice.usualTimescale < advice.runsTimescale.upper)
    // 20 tokens a parameter, as in the middle of the grid: 4^(0) of them in params and in tokens.
    let ratio = 20 / advice.usualTokensPerParam
    #expect(
      advice.followingTokensPerParam.timescale.isApproximatelyEqual(
        to: advice.usualTimescale * .pow(ratio, -0.52)))
    #expect(advice.asInRuns.decoupled.isApproximatelyEqual(to: 0.1))
    #expect(advice.asInRuns.independent.isApproximatelyEqual(to: 0.1 * answer.learningRate))
  }

  @Test("weights that turn over fewer than three times in the run are said not to settle")
  func norms() throws {
    for (decay, hasSettled) in [(0.1, true), (1e-4, false)] {
      let law = try law(RecordedWeightDecay(value: decay, convention: "decoupled"))
      let answer = Recommendation(law, at: PlantedSweeps.target, confidence: 0.9)
      let norms = try #require(answer.decayAdvice?.weightNorms)
      let batch = try #require(answer.batchTokens)
      let steps = answer.tokens / batch
      #expect(
        norms.turnovers.isApproximatelyEqual(to: 2 * answer.learningRate * decay * steps))
      #expect((norms.steps * norms.turnovers).isApproximatelyEqual(to: steps))
      #expect(
        norms.settledSize.isApproximatelyEqual(
          to: (answer.learningRate / (2 * decay)).squareRoot()))
      #expect(norms.hasSettled == hasSettled)
    }
  }

  @Test("without a convention, or with one that has no timescale, nothing is said of it")
  func silence() throws {
    for convention in [nil, "coupled"] {
      let law = try law(RecordedWeightDecay(value: 0.1, convention: convention))
      let answer = Recommendation(law, at: PlantedSweeps.target, confidence: 0.9)
      #expect(answer.weightDecay?.value == 0.1)
      #expect(answer.decayAdvice == nil)
    }
  }

  @Test("a decay that shrinks by itself keeps its timescale when the rate changes")
  func independent() throws {
    let law = try law(RecordedWeightDecay(value: 1e-4, convention: "independent"))
    let answer = Recommendation(law, at: PlantedSweeps.target, confidence: 0.9)
    let advice = try #require(answer.decayAdvice)
    #expect(
      advice.asInRuns.timescale.isApproximatelyEqual(
        to: PlantedSweeps.batch / (1e-4 * PlantedSweeps.target.tokens)))
  }
}
