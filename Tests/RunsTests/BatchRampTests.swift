import Runs
import Testing

@Suite struct BatchRampTests {
  @Test("without a ramp steps and tokens are in proportion")
  func even() {
    let batches = BatchStages(batchTokens: 100, ramp: nil)
    #expect(batches.tokens(after: 0) == 0)
    #expect(batches.tokens(after: 7) == 700)
    #expect(batches.steps(for: 749) == 7)
    #expect(batches.steps(for: 750) == 8)
    #expect(batches.steps(for: 1) == 1)
  }

  @Test("a ramp doubles at equal distances, in whole steps, until the batch is whole")
  func doubling() {
    let ramp = BatchRamp(from: 100, tokens: 3000, learningRate: .squareRoot)
    let batches = BatchStages(batchTokens: 800, ramp: ramp)
    #expect(batches.stages.map(\.batchTokens) == [100, 200, 400, 800])
    #expect(batches.stages.map(\.tokens) == [0, 1000, 2000, 3200])
    #expect(batches.stages.map(\.step) == [0, 10, 15, 18])
    let squares = batches.stages.map { (8e9 * $0.factor * $0.factor).rounded() / 1e9 }
    #expect(squares == [1, 2, 4, 8])
    #expect(batches.stage(of: 10).batchTokens == 100)
    #expect(batches.stage(of: 11).batchTokens == 200)
    for step in 0...30 {
      #expect(batches.tokens(after: step + 1) > batches.tokens(after: step))
      if step > 0 { #expect(batches.steps(for: batches.tokens(after: step)) == step) }
    }
    #expect(batches.tokens(after: 20) == 3200 + 1600)
  }

  @Test(
    "rates in smaller batches are as the rule says",
    arguments: [
      (BatchRamp.RateRule.none, 1), (.squareRoot, 0.5), (.linear, 0.25),
    ])
  func rates(rule: BatchRamp.RateRule, factor: Double) {
    let ramp = BatchRamp(from: 2, tokens: 100, learningRate: rule)
    #expect(BatchStages(batchTokens: 8, ramp: ramp).stages[0].factor == factor)
  }

  @Test(
    "a ramp that does not fit is refused with what to give",
    arguments: [
      ("{from: 3072, tokens: 100k, learning_rate: sqrt}", "does not come to `batch_tokens` 8192"),
      ("{from: 8192, tokens: 100k, learning_rate: sqrt}", "does not come to `batch_tokens` 8192"),
      (
        "{from: 1000, tokens: 100k, learning_rate: sqrt}",
        "`batch_ramp.from` 1000 is not a whole number of sequences"
      ),
      ("{from: 1024, tokens: 900T, learning_rate: sqrt}", "not below the run's `tokens`"),
      ("{from: 1024, tokens: 100k}", "`batch_ramp.learning_rate` is missing"),
      ("{from: 1024, tokens: 100k, learning_rate: root}", "one of none, sqrt, linear"),
    ])
  func refused(ramp: String, message: String) throws {
    let error = #expect(throws: DescriptionError.self) {
      _ = try RunDescription(yaml: requiredRunLines + "\nbatch_ramp: \(ramp)\n", file: "run.yaml")
    }
    #expect("\(try #require(error))".contains(message), "\(String(describing: error))")
  }
}
