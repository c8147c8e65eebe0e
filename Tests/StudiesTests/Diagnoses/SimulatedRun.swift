import Foundation
import Runs
import Studies

/// The log of a run whose norms follow the closed form and whose logits do what a test wants.
struct SimulatedRun {
  var steps = 400
  var learningRate = 0.01
  var weightDecay = 0.5
  var firstRMS = 0.4
  var optimizer = "name: adamw, "
  var schedule = "{kind: constant, warmup_tokens: 0}"
  var hasTelemetry = true
  var status = RunStatus.finished
  var stepsMade: Int?
  /// By step.
  var loss: (Int) -> Double = { 2 + 1 / Double($0) + SimulatedRun.noise($0, 0.01) }
  var gradientNorm: (Int) -> Double = { 1 + SimulatedRun.noise($0, 0.05) }
  var attentionLogit: (Int) -> Double = { 3 + SimulatedRun.noise($0, 0.3) }
  var entropy: (Int) -> Double = { 2 + SimulatedRun.noise($0, 0.1) }
  var outputLogit: (Int) -> Double = { 2 + SimulatedRun.noise($0, 0.1) }
  var noiseScale: (Int) -> Double? = { 1000 * exp(SimulatedRun.noise($0, 0.5)) }
  /// Multiplies the root mean square that the closed form has.
  var bend: (Int) -> Double = { _ in 1 }
  var updateShare = 0.01

  static let batchTokens = 128
  static let folder = RunFolder(URL(fileURLWithPath: "/nowhere/run"))

  /// A normal number that belongs to a step.
  static func noise(_ step: Int, _ deviation: Double) -> Double {
    var random = KeyedRandom(seed: 11, UInt64(step))
    return deviation * random.normal()
  }

  /// The weights before a step with η and λ that last.
  func rootMeanSquare(_ step: Int) -> Double {
    let (time, square) = (Double(step - 1), firstRMS * firstRMS)
    guard weightDecay > 0 else {
      return (square + learningRate * learningRate * time).squareRoot()
    }
    let faded = exp(-2 * learningRate * weightDecay * time)
    return (faded * square + (1 - faded) * learningRate / (2 * weightDecay)).squareRoot()
  }

  func manifest() throws -> RunManifest {
    let description = try RunDescription(
      yaml: """
        version: 1
        corpus: {kind: synthetic, seed: 0, vocabulary: 16}
        model: {family: llama, width: 8, layers: 2, sequence_length: 32}
        tokens: \(steps * Self.batchTokens)
        batch_tokens: \(Self.batchTokens)
        learning_rate: \(learningRate)
        schedule: \(schedule)
        optimizer: {\(optimizer)weight_decay: \(weightDecay)}
        validation: {tokens: 640, every: 1280}
        telemetry: {every: \(max(steps / 40, 1) * Self.batchTokens)}
        """, file: "run.yaml")
    return RunManifest(
      id: "0123456789abcdef", description: description, paramsTotal: 1234,
      paramsNonEmbedding: 1000, engineVersion: "1",
      machine: RunManifest.Machine(instructionSet: "avx2", matrixLibrary: "openblas"),
      corpus: RunManifest.CorpusFacts(digest: "aa", validationDigest: "bb"), memoryBytes: 1e6)
  }

  func events() throws -> [TrainingEvent] {
    let manifest = try manifest()
    let bare = try RunEvidence(
      manifest, [event(1, .train(.init(loss: 1, learningRate: 1, gradientNorm: 1)))],
      in: Self.folder)
    let made = stepsMade ?? steps
    var events = [event(0, .validation(.init(loss: 2.8, standardError: 0.01, sequences: 20)))]
    for step in 1...made {
      events.append(
        event(
          step,
          .train(
            .init(
              loss: loss(step), learningRate: bare.rates[step - 1],
              gradientNorm: gradientNorm(step)))))
      guard hasTelemetry, manifest.description.isTelemetryDue(in: step) else { continue }
      events.append(event(step, .telemetry(telemetry(step, bare))))
    }
    events.append(
      event(
        made,
        .end(
          .init(
            status: status, loss: status == .finished ? loss(made) : nil,
            divergedAt: status == .diverged ? made : nil))))
    return events
  }

  func diagnosis() throws -> RunDiagnosis {
    RunDiagnosis(try RunEvidence(try manifest(), try events(), in: Self.folder))
  }

  private func event(_ step: Int, _ content: TrainingEvent.Content) -> TrainingEvent {
    TrainingEvent(step: step, tokens: step * Self.batchTokens, content)
  }

  private func telemetry(_ step: Int, _ run: RunEvidence) -> Telemetry {
    let size = rootMeanSquare(step) * bend(step)
    let rate = run.rates[step - 1]
    let memory = DirectionMemory.correctedMean(0.9)
    return Telemetry(
      matrices: run.matrices.map { matrix in
        Telemetry.Matrix(
          path: matrix.path, role: matrix.role, rows: matrix.count, columns: 1,
          learningRate: rate, weightDecay: weightDecay,
          weightNorm: size * Double(matrix.count).squareRoot(), weightRMS: size,
          updateRMS: updateShare * size,
          directionRMS: (1 / memory.accumulation(at: step)).squareRoot(),
          displacement: updateShare, rateOverNorm: rate / size, cosine: 0.01,
          topSingularValue: size, gradientNorm: 1, gradientNoiseScale: nil)
      },
      attention: (0..<2).map { _ in
        Telemetry.Attention(logitMaximum: attentionLogit(step), entropy: entropy(step))
      }, outputLogitRMS: outputLogit(step), outputLogitMaximum: 3 * outputLogit(step),
      gradientNoiseScale: noiseScale(step))
  }
}
