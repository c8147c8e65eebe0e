import Foundation
import Runs
import Support
import Testing
import Training

@Suite struct MergedRunTests {
  private static func run(
    _ kind: ScheduleDescription.Kind, _ change: (inout RunDescription) -> Void = { _ in }
  ) throws -> SmallRun {
    try SmallRun {
      $0.schedule = ScheduleDescription(kind)
      $0.schedule.warmupTokens = 512
      $0.telemetry = nil
      change(&$0)
    }
  }

  private func end(_ run: SmallRun, _ name: String = "run") throws -> Double {
    let last = try #require(try run.folder(name).log.events().last)
    guard case .end(let end) = last.content else { throw CocoaError(.fileReadCorruptFile) }
    return try #require(end.loss)
  }

  @Test("it trains as at a constant rate, and ends better, at its merged checkpoints")
  func endsBetter() throws {
    let constant = try Self.run(.constant) { $0.learningRate = 3e-2 }
    let merged = try Self.run(.wsm) {
      $0.learningRate = 3e-2
      $0.schedule.decayFraction = 0.3
    }
    try constant.train()
    try merged.train()
    func steps(_ run: SmallRun) throws -> [Substring] {
      try run.log().split(separator: "\n").filter { $0.contains("\"train\"") }
    }
    #expect(try steps(merged) == steps(constant))
    #expect(try end(merged) < end(constant) - 0.02)
  }

  @Test("it is resumed to the bit, in the stretch that is merged too", arguments: [8, 25, 29])
  func resumes(stop: Int) throws {
    let run = try Self.run(.wsm)
    try run.train()
    try run.train("parts", stop: stop)
    try run.train("parts")
    #expect(try run.log("parts") == run.log())
  }

  @Test("the merged weights are the sum of checkpoints times their shares")
  func weights() throws {
    func model(_ run: SmallRun, step: Int) throws -> [Float] {
      let checkpoints = RunCheckpoints(
        in: run.folder.file("run/checkpoints"), runID: try run.prepared().manifest.id)
      let file = try checkpoints.checkpoint(atStep: step).model
      var values = [Float](repeating: 0, count: 256 * 16)
      try values.withUnsafeMutableBufferPointer {
        try file.read("embedding", shape: [256, 16], into: $0)
      }
      return values
    }
    let constant = try Self.run(.constant) { $0.checkpoint.every = 128 }
    let merged = try Self.run(.wsm) {
      $0.checkpoint.every = 128
      $0.schedule.decayFraction = 1.0 / 30
      $0.schedule.checkpoints = 2
    }
    try constant.train()
    try merged.train()
    let (before, last) = (try model(constant, step: 29), try model(constant, step: 30))
    for (place, value) in try model(merged, step: 30).enumerated() {
      #expect(abs(value - (0.25 * before[place] + 0.75 * last[place])) < 1e-6)
    }
  }

  @Test("a rule whose model is an average already is refused")
  func averages() throws {
    let run = try Self.run(.wsm) { $0.optimizer.name = "schedule-free-adamw" }
    #expect(throws: TrainingError.mergesAverages(optimizer: "schedule-free-adamw")) {
      _ = try run.prepared()
    }
  }

  @Test("a schedule-free checkpoint holds the average that is judged")
  func average() throws {
    let run = try SmallRun { $0.optimizer.name = "schedule-free-adamw" }
    try run.train()
    let checkpoints = RunCheckpoints(
      in: run.folder.file("run/checkpoints"), runID: try run.prepared().manifest.id)
    let checkpoint = try checkpoints.checkpoint(atStep: 30)
    func embedding(_ file: SafetensorsFile, _ name: String) throws -> [Float] {
      var values = [Float](repeating: 0, count: 256 * 16)
      try values.withUnsafeMutableBufferPointer {
        try file.read(name, shape: [256, 16], into: $0)
      }
      return values
    }
    let model = try embedding(checkpoint.model, "embedding")
    let trained = try embedding(checkpoint.optimizer, "trained.embedding")
    let iterate = try embedding(checkpoint.optimizer, "iterate.embedding")
    // Gradients are taken at beta1 of the average and the rest of the iterate.
    for index in model.indices {
      #expect(abs(trained[index] - (0.9 * model[index] + 0.1 * iterate[index])) < 1e-6)
    }
  }
}
