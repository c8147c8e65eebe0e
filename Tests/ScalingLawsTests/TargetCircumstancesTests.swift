import Numerics
import Runs
import ScalingLaws
import Testing

/// Runs that laws of scale do not know: repeated text, continued training, another phase.
@Suite struct TargetCircumstancesTests {
  private let target = RunScale(params: 1e9, tokens: 1e11)

  @Test("repeated text is worth what Muennighoff et al. fitted")
  func freshTokens() {
    // Their constant by hand: U (1 + 15.387756 (1 - exp(-R / 15.387756))).
    let cases = [(1.0, 1.0), (2.0, 1.9682), (4.0, 3.7257), (10.0, 7.8136), (1e6, 16.3878)]
    for (passes, worth) in cases {
      let fresh = TargetCircumstances.freshTokens(worth: passes * 1e9, unique: 1e9)
      #expect(
        fresh.isApproximatelyEqual(to: worth * 1e9, relativeTolerance: 1e-4), "\(passes): \(fresh)")
    }
    #expect(TargetCircumstances.freshTokens(worth: 1e9, unique: 2e9) == 1e9)
  }

  private func codes(
    _ circumstances: TargetCircumstances, lawIsAnnealed: Bool? = true
  ) -> [FitWarning.Code] {
    circumstances.warnings(at: target, lawIsAnnealed: lawIsAnnealed).map(\.code)
  }

  @Test("only what applies is said")
  func applies() {
    #expect(codes(TargetCircumstances()).isEmpty)
    #expect(codes(TargetCircumstances(uniqueTokens: 2e11)).isEmpty)
    #expect(codes(TargetCircumstances(uniqueTokens: 2e10)) == [.repeatedData])
    #expect(codes(TargetCircumstances(trainedTokens: 1e12)) == [.continuedTraining])
    #expect(codes(TargetCircumstances(isAnnealed: true)).isEmpty)
    #expect(codes(TargetCircumstances(isAnnealed: false)) == [.phase])
    #expect(codes(TargetCircumstances(), lawIsAnnealed: false) == [.phase])
    #expect(codes(TargetCircumstances(isAnnealed: false), lawIsAnnealed: false).isEmpty)
    #expect(codes(TargetCircumstances(), lawIsAnnealed: nil).isEmpty)
  }

  @Test("a warning says what another count of tokens would change")
  func effect() throws {
    let circumstances = TargetCircumstances(uniqueTokens: 1e10, trainedTokens: 9e11)
    let warnings = circumstances.warnings(at: target, lawIsAnnealed: true) {
      1e-3 * ($0.tokens / 1e11).squareRoot()
    }
    let repeated = try #require(warnings.first)
    #expect(repeated.message.contains("10.0 passes over 10B, worth about 78.1B fresh ones"))
    #expect(repeated.message.contains("8.8e-4, 0.88 times this answer"), "\(repeated.message)")
    let continued = try #require(warnings.last)
    #expect(continued.message.contains("3.2e-3, 3.16 times"), "\(continued.message)")
    let published = circumstances.warnings(at: target, lawIsAnnealed: true)
    #expect(published.allSatisfy { $0.message.contains("published exponents") })
  }

  @Test("the phase of a law is that of its runs' schedule")
  func phase() throws {
    func isAnnealed(_ kind: String?, decay: Double?) throws -> Bool? {
      let runs = PlantedLaw().runs(
        at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(), seed: 0
      ).map { run in
        var run = run
        run.schedule.kind = kind
        run.schedule.decay = decay
        return run
      }
      return try PlantedSweeps.fit(runs).recipe.isAnnealed
    }
    #expect(try isAnnealed("constant", decay: nil) == false)
    #expect(try isAnnealed("wsd", decay: 0.2) == true)
    #expect(try isAnnealed("wsd", decay: 0) == false)
    #expect(try isAnnealed("cosine", decay: nil) == true)
    #expect(try isAnnealed(nil, decay: nil) == nil)
  }
}
