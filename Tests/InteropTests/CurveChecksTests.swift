import Foundation
import Interop
import Runs
import Testing

@Suite struct CurveChecksTests {
  /// A run whose rate and schedule are its own.
  private static func scheduled(
    _ kind: String, to last: Int = 1000, _ rate: (Int) -> Double
  ) -> AssembledLog {
    var built = AssembledLog.sized
    built.set("lr_scheduler_type", .text(kind))
    built.logLoss(to: last)
    built.logRate(to: last, rate: rate)
    return built
  }

  private static func stable(_ step: Int, decay: Double = 0.2) -> Double {
    min(Double(step) / 50, 1, Double(1000 - step) / (1000 * decay))
  }

  @Test("a run that did as it was set has no warning")
  func clean() throws {
    var built = AssembledLog.clean
    built.append("tokens", stride(from: 5, through: 1000, by: 5).map { ($0, 1e5 * Double($0)) })
    built.append("batch-size", stride(from: 5, through: 1000, by: 5).map { ($0, 100) })
    built.logRate("lr/head") { 0.5 * AssembledLog.cosine($0) }
    let run = try built.run()
    #expect(run.warnings.isEmpty)
    #expect(run.record.status == .finished)
    #expect(run.record.schedule.kind == "cosine")
    #expect(run.record.learningRateByRole == ["lr": 1e-3, "lr/head": 5e-4])
  }

  @Test("wsd that did as it was set has no warning")
  func cleanStable() throws {
    var built = Self.scheduled("warmup_stable_decay") { Self.stable($0) }
    built.set(["warmup_steps": 50, "decay_steps": 200])
    let run = try built.run()
    #expect(run.warnings.isEmpty)
    #expect(run.record.schedule.kind == "wsd")
    #expect(run.record.schedule.decay == 0.2)
  }

  @Test("a constant rate and one that falls with a root are never annealed, and no fault")
  func neverAnnealed() throws {
    #expect(try Self.scheduled("constant") { min(1, Double($0) / 50) }.run().warnings.isEmpty)
    let root = Self.scheduled("inverse_sqrt") {
      $0 < 50 ? Double($0) / 50 : (50 / Double($0)).squareRoot()
    }
    #expect(try root.run().warnings.isEmpty)
  }

  @Test("a logged rate that is not the set one is said, with how to take it")
  func rateDiffers() throws {
    var built = AssembledLog.clean
    built.set(["lr": 3e-3])
    let run = try built.run()
    #expect(run.codes == [.learningRateDiffers])
    #expect(run.record.learningRate == 3e-3)
    let message = run.message(.learningRateDiffers)
    #expect(message.contains("lr rises to 1.0e-3, and the run was set to 3.0e-3"))
    #expect(message.contains("A fit would take the loss for that of a rate that was not used"))
    #expect(message.contains("--map learning_rate=lr or --set learning_rate=1.0e-3"))
  }

  @Test("rates of groups whose ratio changes are said, with the step")
  func groupRatios() throws {
    var built = AssembledLog.clean
    built.logRate("lr/head") { $0 < 500 ? AssembledLog.cosine($0) / 2 : AssembledLog.cosine($0) }
    let message = try built.run().message(.groupRatiosChange)
    #expect(message.hasPrefix("lr/head is 0.5 times lr at first and 1.0 times at step 500"))
    #expect(message.contains("its best peak is that of another recipe"))
  }

  @Test("a warm-up of another length than was set is said")
  func warmup() throws {
    var built = AssembledLog.clean
    built.set(["warmup_steps": 200])
    let run = try built.run()
    #expect(run.codes == [.warmupDiffers])
    let message = run.message(.warmupDiffers)
    #expect(message.contains("at step 50, and the warm-up was set to 200 steps"))
    #expect(message.contains("have different best rates"))
  }

  @Test("a decay of another length than was set is said, in whole percent")
  func decay() throws {
    var built = Self.scheduled("wsd") { Self.stable($0, decay: 0.29) }
    built.set(["decay_steps": 100])
    let run = try built.run()
    #expect(run.codes == [.decayDiffers])
    #expect(run.message(.decayDiffers).contains("over 30 % of the run, and it was set to 10 %"))
    #expect(run.message(.decayDiffers).contains("are never fitted together"))
  }

  @Test("a schedule of another kind than was set is said")
  func kind() throws {
    let message = try Self.scheduled("linear", AssembledLog.cosine).run().message(.decayDiffers)
    #expect(message.contains("set to linear, and the logged rate looks like cosine"))
  }

  @Test("a horizon that was not annealed is unfinished, unless it is said to be finished")
  func notAnnealed() throws {
    var built = Self.scheduled("cosine", to: 500, AssembledLog.cosine)
    built.set(["max_steps": 500])
    var run = try built.run()
    #expect(run.record.status == .unfinished)
    #expect(run.origins["status"]?.rule == "the logged rate")
    #expect(run.codes == [.notAnnealed])
    #expect(run.message(.notAnnealed).hasPrefix("the rate ends at 59 % of its peak"))
    #expect(run.message(.notAnnealed).contains("would pull the law to lower rates"))
    try built.choices.set("status", to: "finished", at: "--set")
    run = try built.run()
    #expect(run.record.status == .finished)
    #expect(run.codes == [.notAnnealed])
  }

  @Test("a run that ends in its warm-up, or before its decay, was not annealed")
  func cutEarly() throws {
    var ramp = AssembledLog.sized
    ramp.logLoss()
    ramp.logRate { Double($0) / 1000 }
    #expect(try ramp.run().record.status == .unfinished)
    #expect(try ramp.run().record.schedule.kind == nil)
    let stable = Self.scheduled("wsd") { min(1, Double($0) / 50) }
    #expect(try stable.run().codes == [.notAnnealed])
  }

  @Test("a rate that ends above its set floor was not annealed, and one at a high floor was")
  func floor() throws {
    var built = AssembledLog.clean
    built.set(["min_lr_ratio": 0])
    #expect(try built.run().codes == [.notAnnealed])
    var high = Self.scheduled("linear") { 1 - 0.5 * Double($0) / 1000 }
    #expect(try high.run().codes == [.notAnnealed])
    high.set(["min_lr": 5e-4])
    #expect(try high.run().warnings.isEmpty)
  }

  @Test("a batch that changes is said, with the last time")
  func batch() throws {
    var built = AssembledLog.clean
    built.append("batch-size", [(5, 10), (200, 10), (205, 50), (400, 50), (405, 100), (1000, 100)])
    let message = try built.run().message(.batchChanges)
    #expect(message.hasPrefix("batch-size goes from 10 to 100, the last time at step 405"))
    #expect(message.contains("fit such runs only with others of the same ramp"))
  }

  @Test("a count of tokens that the batch does not make is said")
  func tokens() throws {
    var built = AssembledLog.clean
    built.append("tokens", [(500, 1e8), (1000, 2e8)])
    let run = try built.run()
    #expect(run.codes == [.tokensDisagree])
    #expect(run.record.tokens == 2e8)
    #expect(
      run.message(.tokensDisagree).contains(
        "tokens ends at 200M, and 1000 steps of 100k tokens make 100M"))
  }

  @Test("a count that is told before its step is no disagreement")
  func tokensBeforeStep() throws {
    var built = AssembledLog.sized
    built.set(["max_steps": 20])
    built.append("train/loss", (0..<20).map { ($0, 3) })
    built.append("tokens", (0..<20).map { ($0, 1e5 * Double($0 + 1)) })
    #expect(try !built.run().codes.contains(.tokensDisagree))
  }

  @Test("spikes are counted, and what they mean depends on where they are")
  func spikes() throws {
    var early = AssembledLog.sized
    early.append(
      "train/loss",
      (1...1000).map { ($0, 2.5 + 8 * exp(-Double($0) / 60) + ($0 == 702 ? 1.5 : 0)) })
    let message = try early.run().message(.spikes)
    #expect(message.hasPrefix("1 spike of the loss, the largest by 1.5 at step 702"))
    #expect(message.contains("bounds the best rate"))
    var late = AssembledLog.clean
    late.append("train/loss", [(1001, 4)])
    let raised = try late.run().message(.spikes)
    #expect(raised.contains("it is in the end that the final loss is taken from, which it raises"))
  }

  @Test("a divergence is kept and says what it is good for, without spikes")
  func diverged() throws {
    var built = AssembledLog.clean
    built.append("train/loss", [(1001, 5), (1002, .nan)])
    let run = try built.run()
    #expect(run.codes == [.diverged])
    #expect(
      run.message(.diverged)
        == "diverged at step 1002; it is kept, as it bounds the best rate from above")
  }

  @Test("an unfinished run is left out of fits, and says where it ended")
  func unfinished() throws {
    var built = AssembledLog.sized
    built.logLoss(to: 600)
    #expect(
      try built.run().message(.unfinished)
        == "ended at step 600 of 1000; its loss is not that of its horizon, so fits leave it out")
  }

  @Test("a run that was resumed says that the last of each step counts")
  func resumed() throws {
    var built = AssembledLog.clean
    built.append("train/loss", (990...1000).map { ($0, 2.5) })
    let run = try built.run()
    #expect(run.codes == [.resumed])
    #expect(run.message(.resumed).contains("the last of each counts"))
  }

  @Test("what a log remarks is passed on")
  func remarks() throws {
    var built = AssembledLog.clean
    built.log.remarks = ["odd"]
    #expect(try built.run().warnings.map(\.message) == ["odd"])
  }
}
