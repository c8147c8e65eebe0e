import Foundation
import Reports
import Runs

/// Logs of made-up runs, whose losses fall as a power of the step.
enum SampleRuns {
  static let batchTokens = 8192

  static func manifest(
    steps: Int = 100, corpusTokens: Int? = 250_000, lossFloor: Double? = nil,
    path: String = "train.txt"
  ) throws -> RunManifest {
    let description = try RunDescription(
      yaml: """
        version: 1
        corpus: {kind: bytes, path: '\(path)', validation: valid.txt}
        model: {family: llama, width: 64, layers: 2}
        tokens: \(steps * batchTokens)
        learning_rate: 3e-3
        schedule: {warmup_tokens: 81920}
        """, file: "run.yaml")
    return RunManifest(
      id: "0123456789abcdef", description: description, paramsTotal: 107_712,
      paramsNonEmbedding: 91_328, engineVersion: "1",
      machine: RunManifest.Machine(instructionSet: "avx2", matrixLibrary: "openblas"),
      corpus: RunManifest.CorpusFacts(
        digest: "aa", validationDigest: "bb", tokens: corpusTokens, lossFloor: lossFloor),
      memoryBytes: 1e8)
  }

  static func loss(_ step: Int) -> Double { 1.5 + 4 * pow(Double(step + 1), -0.5) }

  /// The events of the first `count` steps, held-out text among them before the first and each tenth.
  static func events(_ count: Int, lost: ClosedRange<Int>? = nil) -> [TrainingEvent] {
    [validation(0)]
      + (0..<count).flatMap { index -> [TrainingEvent] in
        let step = index + 1
        let isLost = lost?.contains(step) ?? false
        let train = TrainingEvent(
          step: step, tokens: step * batchTokens,
          .train(
            TrainingEvent.Train(
              loss: isLost ? nil : loss(step), learningRate: 3e-3,
              gradientNorm: isLost ? nil : step.isMultiple(of: 4) ? 2 : 0.5,
              epoch: Double(step * batchTokens) / 250_000)))
        return [train] + (step.isMultiple(of: 10) && !isLost ? [validation(step)] : [])
      }
  }

  static func validation(_ step: Int) -> TrainingEvent {
    TrainingEvent(
      step: step, tokens: step * batchTokens,
      .validation(
        TrainingEvent.Validation(loss: loss(step) + 0.02, standardError: 0.0123, sequences: 1024)))
  }

  static func end(
    _ step: Int, _ status: RunStatus, divergedAt: Int? = nil, reason: String? = nil
  ) -> TrainingEvent {
    TrainingEvent(
      step: step, tokens: step * batchTokens,
      .end(
        TrainingEvent.End(
          status: status, loss: status == .finished ? loss(step) + 0.02 : nil,
          lossStandardError: status == .finished ? 0.0123 : nil, divergedAt: divergedAt,
          reason: reason)))
  }

  static func report(
    _ events: [TrainingEvent], state: RunState? = nil, manifest: RunManifest? = nil
  ) throws -> RunReport {
    RunReport(
      try manifest ?? Self.manifest(), events: events, state: state, program: "vernier test")
  }
}
