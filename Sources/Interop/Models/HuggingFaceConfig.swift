import Foundation
import Runs
import ScalingLaws

/// The `config.json` of a Hugging Face model, as far as its counts need it.
struct HuggingFaceConfig {
  private let path: String
  private let keys: [String: ConfigValue]

  init(_ text: String, file path: String) throws(ModelFileError) {
    self.path = path
    guard let value = try? JSONDecoder().decode(ConfigValue.self, from: Data(text.utf8)) else {
      throw .notJSON(path)
    }
    guard case .object(var keys) = value else { throw .notAnObject(path) }
    // A model of more than text keeps its decoder under a key of its own.
    if keys["hidden_size"] == nil, case .object(let inner)? = keys["text_config"] { keys = inner }
    self.keys = keys
  }

  /// Whether this is a model file of ours written as JSON.
  var isOurs: Bool { keys["family"] != nil }

  /// The model, with `sequenceLength` in place of the config's where it is given.
  func model(sequenceLength: Int?) throws(ModelFileError) -> TargetModel {
    let type = text("model_type")
    let known = HuggingFaceArchitecture.all.first { $0.modelTypes.contains(type ?? "") }
    let architecture = known ?? .usual
    try requireKeys(sequenceLength: sequenceLength, architecture, type)
    let dimensions = try dimensions(architecture, sequenceLength: sequenceLength)
    let caveat =
      known == nil
      ? "counted as a usual decoder: the model_type \(type ?? "is missing and") is not known" : nil
    let isLong = sequenceLength == nil && dimensions.sequenceLength > Self.longestUsual
    return TargetModel(
      dimensions, caveat: caveat,
      sequenceCaveat: isLong
        ? "sequences of \(dimensions.sequenceLength) tokens taken from max_position_embeddings, which is "
          + "often extended after pre-training: give --sequence-length" : nil)
  }

  /// Longer sequences are rare in pre-training itself.
  private static let longestUsual = 8192

  private static let width = ["hidden_size", "n_embd"]
  private static let layers = ["num_hidden_layers", "n_layer"]
  private static let heads = ["num_attention_heads", "n_head"]
  private static let inner = ["intermediate_size", "n_inner"]
  private static let length = ["max_position_embeddings", "n_positions", "n_ctx"]
  private static let experts = ["num_experts", "num_local_experts", "n_routed_experts"]

  private func requireKeys(
    sequenceLength: Int?, _ architecture: HuggingFaceArchitecture, _ type: String?
  ) throws(ModelFileError) {
    var required = [Self.width, Self.layers, Self.heads, ["vocab_size"]]
    if architecture.usualInner == nil { required.append(Self.inner) }
    if sequenceLength == nil { required.append(Self.length) }
    let missing = required.filter { value($0) == nil }
    guard missing.isEmpty else {
      throw .missingKeys(path, modelType: type, keys: missing.map { $0[0] })
    }
  }

  private func dimensions(
    _ architecture: HuggingFaceArchitecture, sequenceLength: Int?
  ) throws(ModelFileError) -> ModelDimensions {
    let width = try size(Self.width) ?? 0
    let heads = try size(Self.heads) ?? 1
    let headWidth = try size(["head_dim"])
    let keyHeads = try size(["num_key_value_heads"])
    let inner = try size(Self.inner)
    let vocabulary = try size(["vocab_size"])
    let longest = try size(Self.length)
    let tied = try flag("tie_word_embeddings")
    let layers = try size(Self.layers)
    if headWidth == nil, !width.isMultiple(of: heads) {
      throw .value(
        path, key: "num_attention_heads", value: "\(heads)",
        remedy: "it does not divide the width \(width); correct one, or add head_dim")
    }
    var model = ModelDimensions(
      width: width, layers: layers ?? 0, heads: heads, kvHeads: keyHeads ?? heads,
      headWidth: headWidth ?? width / heads,
      ffnWidth: inner ?? (architecture.usualInner ?? 0) * width, vocabulary: vocabulary ?? 0,
      sequenceLength: sequenceLength ?? longest ?? 1, tied: tied ?? architecture.tied)
    model.normOfQueriesAndKeys = architecture.normOfQueriesAndKeys
    model.biases = try flag("attention_bias") == true ? .attention : architecture.biases
    model.gated = architecture.gated
    model.learntPositions = architecture.learntPositions
    model.normBiases = architecture.normBiases
    model.experts = try mixture(layers: model.layers, inner: model.ffnWidth)
    return model
  }

  private func mixture(
    layers: Int, inner: Int
  ) throws(ModelFileError) -> ModelDimensions.Experts? {
    guard let routed = try size(Self.experts, from: 0), routed > 0 else { return nil }
    guard let active = try size(["num_experts_per_tok"]) else {
      throw .missingKeys(path, modelType: text("model_type"), keys: ["num_experts_per_tok"])
    }
    guard active <= routed else {
      throw .value(
        path, key: "num_experts_per_tok", value: "\(active)",
        remedy: "a token visits no more than the \(routed) experts there are")
    }
    let width = try size(["moe_intermediate_size"]) ?? inner
    let sharedWidth = try size(["shared_expert_intermediate_size"], from: 0)
    let sharedExperts = try size(["n_shared_experts"], from: 0)
    let shared = sharedWidth ?? (sharedExperts ?? 0) * width
    return ModelDimensions.Experts(
      routed: routed, active: active, ffnWidth: width, sharedFFNWidth: shared,
      layers: try mixedLayers(of: layers))
  }

  /// The layers that have experts: not the first few, not those named, every so many of the rest.
  private func mixedLayers(of layers: Int) throws(ModelFileError) -> Int {
    let first = try size(["first_k_dense_replace"], from: 0) ?? 0
    let step = try size(["decoder_sparse_step"]) ?? 1
    var dense = 0
    if case .list(let named)? = keys["mlp_only_layers"] { dense = named.count }
    return max((layers - first) / step - dense, 0)
  }
}

extension HuggingFaceConfig {
  /// The value of the first of `names` that is there and not null.
  private func value(_ names: [String]) -> (key: String, value: ConfigValue)? {
    for name in names {
      if let value = keys[name], value != .null { return (name, value) }
    }
    return nil
  }

  private func text(_ name: String) -> String? {
    guard case .text(let text)? = keys[name] else { return nil }
    return text
  }

  private func flag(_ name: String) throws(ModelFileError) -> Bool? {
    guard let found = value([name]) else { return nil }
    guard case .flag(let flag) = found.value else {
      throw .value(path, key: name, value: found.value.quoted, remedy: "write true or false")
    }
    return flag
  }

  /// A whole number from `least` to the greatest size a model may have.
  private func size(_ names: [String], from least: Int = 1) throws(ModelFileError) -> Int? {
    guard let found = value(names) else { return nil }
    let greatest = ModelDescription.sizes.upperBound
    guard case .number(let number) = found.value, let whole = Int(exactly: number),
      (least...greatest).contains(whole)
    else {
      throw .value(
        path, key: found.key, value: found.value.quoted,
        remedy: "give a whole number from \(least) to \(greatest)")
    }
    return whole
  }
}
