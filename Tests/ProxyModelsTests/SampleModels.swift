import Parametrizations
import ProxyModels
import Runs
import Tensors

/// Small models that between them use every part of the family.
enum SampleModels {
  static func model(_ change: (inout ModelFields) -> Void = { _ in }) throws -> any ProxyModel {
    var fields = ModelFields()
    fields.family = .llama
    (fields.width, fields.layers, fields.heads, fields.headWidth) = (12, 2, 4, 4)
    (fields.ffnWidth, fields.vocabulary, fields.sequenceLength) = (10, 11, 6)
    change(&fields)
    return try proxyModel(for: ModelDescription(fields))
  }

  static func all() throws -> [any ProxyModel] {
    [
      try model(),
      try model {
        $0.kvHeads = 2
        $0.qkNorm = true
      },
      try model {
        $0.tied = true
        $0.kvHeads = 1
      },
      try model {
        $0.family = .qwen3
        $0.kvHeads = 2
      },
      // Both near what they cap, where they bend it.
      try model {
        $0.attentionSoftcap = 0.5
        $0.outputSoftcap = 1.5
      },
    ]
  }

  /// Settings with no multiplier at one, so that a forgotten one shows.
  static func settings(for model: any ProxyModel) throws -> ModelSettings {
    var settings = try Parametrization.standard.settings(
      for: model.shape, base: BaseSettings(learningRate: 1e-2, weightDecay: 0.1, epsilon: 1e-8))
    settings.parameters = settings.parameters.map { path, leaf in
      var leaf = leaf
      leaf.multiplier = path == "output" ? 0.8 : path == "embedding" ? 1.4 : 1.2
      // A norm of small numbers is too curved for differences.
      if path == "embedding" { leaf.initStd = 1 }
      return leaf
    }
    settings.residualBranch = 0.7
    settings.attentionScale = 0.4
    settings.tiedOutput = 3
    return settings
  }

  static func text(for model: any ProxyModel, sequences: Int, seed: UInt64 = 3) -> [[Int32]] {
    var random = KeyedRandom(seed: seed, 1)
    return (0..<sequences).map { _ in
      (0...model.description.sequenceLength).map { _ in
        Int32(random.index(below: model.description.vocabulary))
      }
    }
  }
}
