import Runs

/// What the code of a Hugging Face model decides and its config does not say.
struct HuggingFaceArchitecture {
  /// Values of `model_type`.
  var modelTypes: [String]
  var tied = false
  var biases = ModelDimensions.Biases.none
  var normOfQueriesAndKeys = ModelDimensions.NormOfQueriesAndKeys.none
  var gated = true
  var learntPositions = false
  var normBiases = false
  /// The inner width over the width where the config leaves it out.
  var usualInner: Int?

  /// Any decoder after LLaMA.
  static let usual = HuggingFaceArchitecture(modelTypes: [])

  static let all = [
    HuggingFaceArchitecture(
      modelTypes: ["gpt2"], tied: true, biases: .all, gated: false, learntPositions: true,
      normBiases: true, usualInner: 4),
    HuggingFaceArchitecture(modelTypes: ["llama", "mistral", "mixtral"]),
    HuggingFaceArchitecture(modelTypes: ["qwen2"], biases: .queryKeyValue),
    HuggingFaceArchitecture(
      modelTypes: ["qwen3", "qwen3_moe"], normOfQueriesAndKeys: .ofEachHead),
    HuggingFaceArchitecture(
      modelTypes: ["olmo2", "olmo3", "olmoe"], normOfQueriesAndKeys: .ofAllHeads),
  ]
}
