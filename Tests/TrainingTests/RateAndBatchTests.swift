import Foundation
import Parametrizations
import Runs
import Support
import Testing
import Training

@Suite struct RateAndBatchTests {
  @Test("a ramp trains smaller batches first, at the rates of its rule, and is resumed to the bit")
  func ramp() throws {
    let run = try SmallRun {
      $0.batchRamp = BatchRamp(from: 32, tokens: 1024, learningRate: .squareRoot)
      $0.schedule = ScheduleDescription(.constant)
      $0.schedule.warmupTokens = 0
    }
    try run.train()
    let steps = try run.folder("run").log.events().compactMap {
      event -> (tokens: Int, rate: Double)? in
      if case .train(let train) = event.content { (event.tokens, train.learningRate) } else { nil }
    }
    // Two doublings: 16 steps of 32 tokens, 8 of 64, the rest whole.
    #expect(steps[0].tokens == 32 && steps[15].tokens == 512)
    #expect(steps[16].tokens == 576 && steps[23].tokens == 1024)
    #expect(steps[24].tokens == 1152 && steps.last?.tokens == 30 * 128)
    #expect(abs(steps[0].rate / 5e-3 - 1) < 1e-12)
    #expect(abs(steps[16].rate / (1e-2 * 0.5.squareRoot()) - 1) < 1e-12)
    #expect(steps[24].rate == 1e-2)
    try run.train("parts", stop: 20)
    try run.train("parts")
    #expect(try run.log("parts") == run.log())
  }

  @Test("the text is read once, whatever the batches")
  func reads() throws {
    let ramped = try SmallRun {
      $0.batchRamp = BatchRamp(from: 32, tokens: 1024, learningRate: .none)
    }
    let (whole, plan) = (try SmallRun().prepared().plan, try ramped.prepared().plan)
    func sequences(_ plan: TrainingPlan) -> [[Int32]] {
      (0..<plan.steps).flatMap { Array(plan.batch($0)) }
    }
    #expect(sequences(plan) == sequences(whole))
  }

  @Test("rates by role reach the parameters of that role, a name before its role")
  func rates() throws {
    let run = try SmallRun {
      $0.learningRateByRole = ["hidden": 0.5, "query": 4, "embedding": 2]
      $0.optimizer.decayConvention = .independent
    }
    let settings = try run.prepared().plan.settings.parameters
    #expect(settings["blocks.0.attention.key"]?.learningRate == 5e-3)
    #expect(settings["blocks.1.attention.query"]?.learningRate == 4e-2)
    #expect(settings["embedding"]?.learningRate == 2e-2)
    #expect(settings["output"]?.learningRate == 1e-2)
    // An independent decay shrinks weights by what it says, whatever the rate.
    for path in ["blocks.0.attention.key", "blocks.1.attention.query", "embedding"] {
      let parameter = try #require(settings[ParameterPath(path)])
      #expect(abs(parameter.learningRate * parameter.weightDecay - 0.1) < 1e-12)
    }
  }

  @Test("a role that the model does not have is refused, with those that it has")
  func unknown() throws {
    let run = try SmallRun { $0.learningRateByRole = ["router": 2] }
    let error = #expect(throws: ParametrizationError.self) { _ = try run.prepared() }
    let text = "\(try #require(error))"
    #expect(text.contains("`router`") && text.contains("down, embedding, gate, hidden, key"))
  }
}
