import Foundation
import Runs
import Support
import Testing
import Training

/// A trunk of 24 steps and branches that decay from it.
@Suite struct TrunkTests {
  /// A run to one horizon, of which the last fifth decays.
  private func run(steps: Int) throws -> SmallRun {
    try SmallRun {
      $0.tokens = steps * 128
      $0.schedule.decayFraction = 0.2
    }
  }

  private func trunkDescription(steps: Int, like run: SmallRun) -> RunDescription {
    var trunk = run.description
    trunk.tokens = steps * 128
    trunk.schedule = ScheduleDescription(.constant)
    trunk.schedule.warmupTokens = run.description.schedule.warmupTokens
    return trunk
  }

  @discardableResult
  private func train(
    _ description: RunDescription, _ part: TrainingRun.Part, _ run: SmallRun, in name: String,
    stop: Int? = nil
  ) throws -> (id: String, state: RunState) {
    let prepared = try TrainingRun(
      description, relativeTo: URL(fileURLWithPath: run.folder.path), part: part)
    var step = 0
    let state = try prepared.train(
      in: run.folder(name),
      TrainingRun.Observer(
        event: { step = $0.step }, isStopped: { stop.map { step >= $0 } ?? false }))
    return (prepared.manifest.id, state)
  }

  private func lines(of name: String, in run: SmallRun, after step: Int) throws -> [TrainingEvent] {
    try run.folder(name).log.events().filter { $0.step > step }
  }

  @Test(
    "a branch is the end of a run that was trained as a whole, to the bit",
    arguments: ["adamw", "adafactor", "dion", "prodigy", "schedule-free-adamw"])
  func branch(optimizer: String) throws {
    var run = try run(steps: 30)
    run.description.optimizer.name = optimizer
    try run.train("whole")
    let trunk = try train(
      trunkDescription(steps: 24, like: run), .trunk(branchSteps: [24]), run, in: "trunk")
    let branch = try train(
      run.description, .branch(trunk: trunk.id, folder: run.folder("trunk"), step: 24), run,
      in: "branch")
    #expect(branch.state.state == .finished)
    #expect(try lines(of: "branch", in: run, after: 0) == lines(of: "whole", in: run, after: 24))
    #expect(branch.id != trunk.id)
    let manifest = try run.folder("branch").manifest()
    #expect(manifest.part == .branch(trunk: trunk.id, step: 24))
    #expect(try run.folder("trunk").manifest().part == .trunk)
  }

  @Test("a branch that was stopped goes on as if it had not been", arguments: [0, 25, 27])
  func stoppedBranch(stop: Int) throws {
    let run = try run(steps: 30)
    let trunk = try train(
      trunkDescription(steps: 24, like: run), .trunk(branchSteps: [24]), run, in: "trunk")
    let part = TrainingRun.Part.branch(trunk: trunk.id, folder: run.folder("trunk"), step: 24)
    try train(run.description, part, run, in: "branch")
    let stopped = try train(run.description, part, run, in: "parts", stop: stop)
    #expect(stopped.state.state == .stopped)
    #expect(try run.log("parts") != run.log("branch"))
    try train(run.description, part, run, in: "parts")
    #expect(try run.log("parts") == run.log("branch"))
  }

  @Test("a trunk that is asked to go further is the one that was asked for at once")
  func longerTrunk() throws {
    let run = try run(steps: 30)
    let long = trunkDescription(steps: 24, like: run)
    let whole = try train(long, .trunk(branchSteps: [12, 24]), run, in: "whole")
    // 12 steps are no multiple of how often it is measured or saved.
    let short = trunkDescription(steps: 12, like: run)
    let first = try train(short, .trunk(branchSteps: [12]), run, in: "parts")
    #expect(first.id == whole.id)
    #expect(first.state.step == 12)
    let second = try train(long, .trunk(branchSteps: [24]), run, in: "parts")
    #expect(second.state.step == 24)
    #expect(try run.log("parts") == run.log("whole"))
    #expect(try run.folder("parts").manifest().description.tokens == 24 * 128)
    // Asked for less, it stays as it is.
    #expect(try train(short, .trunk(branchSteps: []), run, in: "parts").state.attempt == 2)
    #expect(try run.log("parts") == run.log("whole"))
  }

  @Test("a trunk that has passed a step goes back to save it")
  func goesBack() throws {
    let run = try run(steps: 30)
    let description = trunkDescription(steps: 24, like: run)
    let trunk = try train(description, .trunk(branchSteps: [24]), run, in: "trunk")
    let before = try run.log("trunk")
    try train(description, .trunk(branchSteps: [10]), run, in: "trunk")
    #expect(try run.log("trunk") == before)
    let checkpoints = RunCheckpoints(in: run.folder.file("trunk/checkpoints"), runID: trunk.id)
    #expect(try checkpoints.firstMissing(of: [10, 24]) == nil)
    #expect(try checkpoints.firstMissing(of: [9, 10]) == 9)
    let again = try train(description, .trunk(branchSteps: [10, 24]), run, in: "trunk")
    #expect(again.state.attempt == 2)
  }

  @Test("a trunk that is lost takes the branches after it along, and no others")
  func lostTrunk() throws {
    let run = try SmallRun {
      $0.tokens = 30 * 128
      $0.learningRate = 1e9
      $0.optimizer.clip = nil
      $0.schedule.warmupTokens = 10 * 128
    }
    let description = trunkDescription(steps: 24, like: run)
    let trunk = try train(description, .trunk(branchSteps: [1, 24]), run, in: "trunk")
    #expect(trunk.state.state == .diverged)
    try #require((2...23).contains(trunk.state.step))
    let branch = try train(
      run.description, .branch(trunk: trunk.id, folder: run.folder("trunk"), step: 24), run,
      in: "late")
    #expect(branch.state.state == .diverged)
    #expect(branch.state.reason?.contains("its trunk, \(trunk.id), diverged") == true)
    let events = try run.folder("late").log.events()
    #expect(events.count == 1)
    guard case .end(let end) = try #require(events.last).content else {
      Issue.record("no end")
      return
    }
    #expect(end.status == .diverged && end.divergedAt == trunk.state.step && end.loss == nil)
    let attempts = try train(
      run.description, .branch(trunk: trunk.id, folder: run.folder("trunk"), step: 24), run,
      in: "late"
    ).state.attempt
    #expect(attempts == 1)
    let early = try train(
      run.description, .branch(trunk: trunk.id, folder: run.folder("trunk"), step: 1), run,
      in: "early", stop: 2)
    #expect(early.state.step >= 1)
    #expect(try lines(of: "early", in: run, after: 0).isEmpty == false)
  }

  @Test("a branch whose trunk has no such checkpoint is named")
  func noCheckpoint() throws {
    let run = try run(steps: 30)
    let trunk = try train(
      trunkDescription(steps: 24, like: run), .trunk(branchSteps: [24]), run, in: "trunk")
    #expect(throws: CheckpointError.self) {
      try train(
        run.description, .branch(trunk: trunk.id, folder: run.folder("trunk"), step: 7), run,
        in: "branch")
    }
    #expect(try run.folder("branch").state()?.state == .failed)
  }
}
