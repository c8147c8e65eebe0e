import Foundation
import Optimizers
import Parametrizations
import ProxyModels
import Runs
import Support
import Tensors
import Testing
import Training

/// Beside PyTorch, which repeats what was done here from the same weights and text.
@Suite(
  .enabled(if: Oracle.python != nil, "PyTorch is compared with by `make test-python`"), .serialized)
struct OracleTests {
  @Test("loss, gradients and steps of AdamW are PyTorch's", arguments: Oracle.models)
  func steps(model: Oracle.Model) throws {
    let found = try Oracle(model).compare()
    print(
      "\(model.name): loss \(found.loss) and PyTorch's \(found.theirs.losses[0]);",
      "gradient error \(found.theirs.gradient_error), after \(Oracle.steps) steps loss",
      "\(found.lastLoss) and \(found.theirs.losses[Oracle.steps - 1]),",
      "weight error \(found.theirs.weight_error)")
    // Six digits.
    #expect(abs(found.loss - found.theirs.losses[0]) < 1e-6 * found.loss)
    #expect(abs(found.norm - found.theirs.norms[0]) < 1e-5 * found.norm)
    #expect(found.theirs.gradient_error < 1e-5)
    // Adam divides small gradients by their own size, so that what is rounding becomes a step.
    #expect(abs(found.lastLoss - found.theirs.losses[Oracle.steps - 1]) < 1e-5 * found.lastLoss)
    #expect(found.theirs.weight_error < 1e-3)
  }
}

/// One comparison, in a folder that the Python side reads.
struct Oracle {
  struct Model: Sendable, CustomTestStringConvertible {
    var name: String
    var width: Int
    var layers: Int
    var heads: Int
    var kvHeads: Int
    var tied: Bool
    var qkNorm: Bool
    var testDescription: String { name }
  }

  static let models = [
    Model(
      name: "d128 L4", width: 128, layers: 4, heads: 4, kvHeads: 4, tied: false, qkNorm: false),
    Model(
      name: "d64 L2, grouped, QK-norm", width: 64, layers: 2, heads: 4, kvHeads: 2, tied: false,
      qkNorm: true),
    Model(
      name: "d64 L2, one group, tied", width: 64, layers: 2, heads: 4, kvHeads: 1, tied: true,
      qkNorm: false),
  ]

  static let python = ProcessInfo.processInfo.environment["VERNIER_ORACLE"]
  static let steps = 10
  private static let sequences = 4

  private let model: any ProxyModel
  private let settings: ModelSettings
  private let folder: TemporaryFolder
  private let batches: [[[Int32]]]
  private let zWeight = 1e-3
  private let clip = 1.0
  private let factors = (0..<Self.steps).map { 1 - 0.05 * Double($0) }

  init(_ sample: Model) throws {
    var fields = ModelFields()
    (fields.family, fields.width, fields.layers) = (.llama, sample.width, sample.layers)
    (fields.heads, fields.kvHeads, fields.tied) = (sample.heads, sample.kvHeads, sample.tied)
    (fields.qkNorm, fields.vocabulary, fields.sequenceLength) = (sample.qkNorm, 256, 256)
    model = try proxyModel(for: ModelDescription(fields))
    settings = try Parametrization.standard.settings(
      for: model.shape, base: BaseSettings(learningRate: 3e-3, weightDecay: 0.1, epsilon: 1e-8))
    folder = try TemporaryFolder()
    var random = KeyedRandom(seed: 4, 2)
    batches = (0..<Self.steps).map { _ in
      (0..<Self.sequences).map { _ in (0...256).map { _ in Int32(random.index(below: 256)) } }
    }
  }

  struct Theirs: Decodable {
    var losses: [Double]
    var norms: [Double]
    var gradient_error: Double
    var weight_error: Double
  }

  struct Found {
    var loss: Double
    var norm: Double
    var lastLoss: Double
    var theirs: Theirs
  }

  func compare() throws -> Found {
    let recorded = RecordedModel(model, settings, sequences: 2, zWeight: zWeight)
    let state = try TrainingState(
      model, settings, AdamW(beta1: 0.9, beta2: 0.95), clip: clip, recorded: recorded, seed: 3,
      try Engine())
    try write(state.weights, of: recorded, to: "before")
    var results: [TrainingState.StepResult] = []
    for (batch, factor) in zip(batches, factors) {
      results.append(state.update(on: batch, scheduleFactor: factor))
      if results.count == 1 { try write(state.gradients, of: recorded, to: "gradients") }
    }
    try write(state.weights, of: recorded, to: "after")
    try JSONEncoder().encode(description).write(
      to: URL(fileURLWithPath: folder.file("case.json")))
    return Found(
      loss: results[0].loss, norm: results[0].gradientNorm,
      lastLoss: results[Self.steps - 1].loss, theirs: try theirs())
  }

  private func write(_ storage: Storage, of recorded: RecordedModel, to name: String) throws {
    let tensors = zip(recorded.weights.paths, recorded.weights.leaves).map { path, tensor in
      NamedTensor(
        name: path.description, shape: tensor.shape,
        memory: UnsafeBufferPointer(storage[recorded.tape.range(of: tensor)].floats))
    }
    _ = try SafetensorsFile.write(tensors, to: folder.file("\(name).safetensors"))
  }

  private var description: some Encodable {
    struct Multipliers: Encodable {
      var multipliers: [String: Double]
      var residual_branch: Double
      var attention_scale: Double
      var tied_output: Double
    }
    struct Own: Encodable {
      var learning_rate: Double
      var weight_decay: Double
      var epsilon: Double
    }
    struct Case: Encodable {
      var model: ModelDescription
      var settings: Multipliers
      var parameters: [String: Own]
      var batches: [[[Int32]]]
      var factors: [Double]
      var betas: [Double]
      var clip: Double
      var z_weight: Double
    }
    let leaves = zip(settings.parameters.paths.map(\.description), settings.parameters.leaves)
    return Case(
      model: model.description,
      settings: Multipliers(
        multipliers: Dictionary(uniqueKeysWithValues: leaves.map { ($0, $1.multiplier) }),
        residual_branch: settings.residualBranch, attention_scale: settings.attentionScale,
        tied_output: settings.tiedOutput),
      parameters: Dictionary(
        uniqueKeysWithValues: leaves.map {
          (
            $0,
            Own(
              learning_rate: $1.learningRate, weight_decay: $1.weightDecay, epsilon: $1.epsilon)
          )
        }),
      batches: batches, factors: factors, betas: [0.9, 0.95], clip: clip, z_weight: zWeight)
  }

  private func theirs() throws -> Theirs {
    let process = Process()
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Python/compare.py")
    process.executableURL = URL(fileURLWithPath: try #require(Self.python))
    process.arguments = [script.path, folder.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "PyTorch's side failed")
    return try JSONDecoder().decode(Theirs.self, from: output)
  }
}
