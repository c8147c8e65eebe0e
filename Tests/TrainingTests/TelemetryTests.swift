import Foundation
import Runs
import Support
import Testing
import Training

@Suite struct TelemetryTests {
  private func telemetry(_ run: SmallRun) throws -> [(step: Int, telemetry: Telemetry)] {
    try run.folder("run").log.events().compactMap {
      if case .telemetry(let telemetry) = $0.content { ($0.step, telemetry) } else { nil }
    }
  }

  @Test("the first steps, doubling, are looked at, then every so many tokens, and the last")
  func due() throws {
    let run = try SmallRun { $0.telemetry = .init(every: 8 * 128) }
    try run.train()
    #expect(try telemetry(run).map(\.step) == [1, 2, 4, 8, 16, 24, 30])
  }

  @Test("looking changes nothing of a run, and nothing of its name")
  func changesNothing() throws {
    let watched = try SmallRun()
    let unwatched = try SmallRun { $0.telemetry = nil }
    try watched.train()
    try unwatched.train()
    let lines = try watched.log().split(separator: "\n")
    #expect(lines.contains { $0.contains("\"telemetry\"") })
    #expect(
      try lines.filter { !$0.contains("\"telemetry\"") }
        == unwatched.log().split(separator: "\n"))
    #expect(try watched.prepared().manifest.id == unwatched.prepared().manifest.id)
  }

  @Test("every matrix of the model is told of, and every block")
  func whole() throws {
    let run = try SmallRun()
    try run.train()
    let first = try #require(try telemetry(run).first).telemetry
    #expect(first.matrices.count == 2 * 7 + 2)
    #expect(first.matrices.first?.path == "embedding")
    #expect(first.matrices.last?.role == "output")
    #expect(first.attention.count == 2)
    for attention in first.attention {
      // The mean over positions of at most the logarithm of how many may be looked at.
      let most = (1...32).map { log(Double($0)) }.reduce(0, +) / 32
      #expect(attention.entropy > 0 && attention.entropy <= most + 1e-6)
    }
    #expect((first.outputLogitRMS ?? 0) > 0)
    #expect((first.outputLogitMaximum ?? 0) > (first.outputLogitRMS ?? 0))
  }

  @Test("the numbers of a matrix agree with one another, and with Adam's first step")
  func numbers() throws {
    let run = try SmallRun {
      $0.schedule = ScheduleDescription(.constant)
      $0.schedule.warmupTokens = 0
    }
    try run.train()
    let steps = try telemetry(run)
    for (_, telemetry) in steps {
      for matrix in telemetry.matrices {
        let root = Double(matrix.rows * matrix.columns).squareRoot()
        #expect(abs(matrix.weightNorm / (matrix.weightRMS * root) - 1) < 1e-12)
        #expect(abs(matrix.rateOverNorm * matrix.weightNorm / matrix.learningRate - 1) < 1e-12)
        #expect(matrix.topSingularValue <= matrix.weightNorm * (1 + 1e-6))
        #expect(matrix.topSingularValue >= matrix.weightNorm / 16.0.squareRoot() * (1 - 1e-3))
        #expect(matrix.displacement <= 1.01 * matrix.updateRMS / matrix.weightRMS * 1.2)
        #expect(matrix.displacement > 0)
      }
    }
    // Each weight with a gradient moves by the learning rate, whatever its gradient.
    let query = try #require(steps.first?.telemetry.matrices.first { $0.role == "hidden" })
    #expect(abs((query.directionRMS ?? 0) - 1) < 1e-2)
    #expect(query.learningRate == 1e-2)
    #expect(query.weightDecay == 0.1)
  }

  @Test("on a sphere the displacement is the rate that was asked for")
  func sphere() throws {
    let run = try SmallRun {
      $0.optimizer.name = "adamh"
      $0.optimizer.weightDecay = 0
    }
    try run.train()
    let steps = try telemetry(run)
    let first = try #require(steps.first).telemetry
    for (_, telemetry) in steps {
      for (matrix, start) in zip(telemetry.matrices, first.matrices) where matrix.role == "hidden" {
        #expect(abs(matrix.weightNorm / start.weightNorm - 1) < 1e-5)
        // The step is as long as the rate says; what of it points along the weights is taken back.
        #expect(matrix.displacement <= matrix.learningRate * (1 + 1e-3))
        #expect(matrix.displacement >= matrix.learningRate * 0.95)
      }
    }
  }

  @Test("the noise scale is that of the gradient's two halves")
  func noise() {
    // Means 3 and 1 of two halves of 100 tokens: half of their difference is the noise of the whole.
    var noise = GradientNoise()
    let change = Change(start: 1.5 * 1.5, along: 1.5 * 0.5, difference: 0.5 * 0.5)
    noise.add(change, share: 0.5, tokens: 200)
    // (3 - 1)² is the variance times (1/100 + 1/100); 3 · 1 is the square of the mean.
    #expect(abs((noise.scale ?? 0) - 200 / 3.0) < 1e-12)
  }
}
