import Foundation
import Parametrizations
import ProxyModels
import Runs
import Tensors
import Testing

/// Against what PyTorch found, which `Tests/OracleTests/Python/golden.py` wrote down.
@Suite struct GoldenTests {
  struct Golden: Decodable {
    struct Gradient: Decodable {
      var norm: Double
      var wave: Double
    }
    var model: ModelFields
    var loss: Double
    var log_partition: Double
    var gradients: [String: Gradient]
  }

  private static func goldens() throws -> [Golden] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden/decoder.json")
    return try JSONDecoder().decode([Golden].self, from: Data(contentsOf: file))
  }

  /// The precision, and how far its results may be off: some hundred roundings of each.
  @Test(
    "loss and gradients are PyTorch's", arguments: 0..<4,
    [(Precision.double, 1e-12), (.single, 1e-5)])
  func decoder(index: Int, allowed: (precision: Precision, tolerance: Double)) throws {
    var golden = try Self.goldens()[index]
    golden.model.family = .llama
    let model = try proxyModel(for: ModelDescription(golden.model))
    let recorded = RecordedModel(model, try settings(of: model), sequences: 2, zWeight: 0.01)
    let weights = try Storage(allowed.precision, count: recorded.tape.parameterCount)
    let gradients = try Storage(allowed.precision, count: recorded.tape.parameterCount)
    for (number, path) in recorded.weights.paths.enumerated() {
      let slice = weights[recorded.tape.range(of: recorded.weights.leaves[number])]
      let base = path.description.contains("orm") ? 1.0 : 0
      for element in 0..<slice.count {
        slice[element] = base + 0.6 * sin(0.7 * Double(element) + Double(number))
      }
    }
    let engine = try Engine(allowed.precision)
    let arena = try Arena(recorded.tape, engine, weights: weights, gradients: gradients)
    let vocabulary = model.description.vocabulary
    arena.forward(
      (0..<2).map { row in
        (0...model.description.sequenceLength).map {
          Int32((5 * $0 * $0 + 3 * $0 + row) % vocabulary)
        }
      })
    let tokens = Double(recorded.tape.tokens)
    arena.backward(scale: 1 / tokens)

    func expect(_ found: Double, _ expected: Double, of size: Double, _ what: String) {
      #expect(abs(found - expected) <= allowed.tolerance * size, "\(what)")
    }
    let loss = arena.doubles(recorded.loss.losses).reduce(0, +) / tokens
    expect(loss, golden.loss, of: golden.loss, "loss")
    let partition = arena.doubles(recorded.loss.logSums).reduce(0) { $0 + $1 * $1 } / tokens
    expect(partition, golden.log_partition, of: golden.log_partition, "log partition")
    #expect(Set(golden.gradients.keys) == Set(recorded.weights.paths.map(\.description)))
    for (path, tensor) in zip(recorded.weights.paths, recorded.weights.leaves) {
      let expected = try #require(golden.gradients[path.description])
      let slice = gradients[recorded.tape.range(of: tensor)]
      let values = (0..<slice.count).map { slice[$0] }
      let wave = values.indices.reduce(0) { $0 + values[$1] * cos(0.3 * Double($1)) }
      let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      expect(norm, expected.norm, of: expected.norm, "\(path)")
      expect(wave, expected.wave, of: expected.norm * Double(values.count).squareRoot(), "\(path)")
    }
  }

  private func settings(of model: any ProxyModel) throws -> ModelSettings {
    var settings = try Parametrization.standard.settings(
      for: model.shape, base: BaseSettings(learningRate: 1e-2, weightDecay: 0.1, epsilon: 1e-8))
    let paths = settings.parameters.paths
    settings.parameters = settings.parameters.map { path, leaf in
      var leaf = leaf
      leaf.multiplier = 0.8 + 0.01 * Double(paths.firstIndex(of: path) ?? 0)
      return leaf
    }
    settings.residualBranch = 0.7
    settings.attentionScale = 0.4
    settings.tiedOutput = 1.3
    return settings
  }
}
