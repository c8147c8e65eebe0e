/// The sizes of a decoder-only transformer, from which its counts follow, whatever file they came from.
package struct ModelDimensions: Hashable, Sendable {
  package var width: Int
  package var layers: Int
  package var heads: Int
  package var kvHeads: Int
  package var headWidth: Int
  /// The inner width of the feed-forward network of a dense layer.
  package var ffnWidth: Int
  package var vocabulary: Int
  package var sequenceLength: Int
  /// Whether logits are read out with the embedding.
  package var tied: Bool
  package var normOfQueriesAndKeys = NormOfQueriesAndKeys.none
  package var experts: Experts?
  /// Whether positions are learnt, one vector each.
  package var learntPositions = false
  /// Whether a feed-forward network has a gate beside its way up.
  package var gated = true
  package var biases = Biases.none
  /// Whether norms have a bias beside their gain.
  package var normBiases = false

  package enum NormOfQueriesAndKeys: Hashable, Sendable {
    case none
    /// One gain for the channels of a head, shared by all.
    case ofEachHead
    /// A gain for every channel.
    case ofAllHeads
  }

  package enum Biases: Hashable, Sendable {
    case none, queryKeyValue, attention, all
  }

  /// The mixture in some of the layers.
  package struct Experts: Hashable, Sendable {
    package var routed: Int
    /// Those of the routed that a token visits.
    package var active: Int
    /// The inner width of a routed expert.
    package var ffnWidth: Int
    /// The inner width of what every token visits besides, all shared experts together.
    package var sharedFFNWidth: Int
    /// The layers that have experts; the others are dense.
    package var layers: Int

    package init(routed: Int, active: Int, ffnWidth: Int, sharedFFNWidth: Int = 0, layers: Int) {
      self.routed = routed
      self.active = active
      self.ffnWidth = ffnWidth
      self.sharedFFNWidth = sharedFFNWidth
      self.layers = layers
    }
  }

  package init(
    width: Int, layers: Int, heads: Int, kvHeads: Int, headWidth: Int, ffnWidth: Int,
    vocabulary: Int, sequenceLength: Int, tied: Bool
  ) {
    self.width = width
    self.layers = layers
    self.heads = heads
    self.kvHeads = kvHeads
    self.headWidth = headWidth
    self.ffnWidth = ffnWidth
    self.vocabulary = vocabulary
    self.sequenceLength = sequenceLength
    self.tied = tied
  }
}

extension ModelDimensions {
  package init(_ model: ModelDescription) {
    self.init(
      width: model.width, layers: model.layers, heads: model.heads, kvHeads: model.kvHeads,
      headWidth: model.headWidth, ffnWidth: model.ffnWidth, vocabulary: model.vocabulary,
      sequenceLength: model.sequenceLength, tied: model.tied)
    normOfQueriesAndKeys = model.qkNorm ? .ofEachHead : .none
    if model.family == .gpt2 {
      (learntPositions, gated, biases, normBiases) = (true, false, .all, true)
    }
    guard model.experts > 0 else { return }
    experts = Experts(
      routed: model.experts, active: model.expertsActive, ffnWidth: model.ffnWidth,
      sharedFFNWidth: model.sharedExperts * model.ffnWidth, layers: model.layers)
  }
}
