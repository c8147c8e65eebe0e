/// How many parameters a model has, by what is counted, and what training it takes.
package struct ModelCounts: Hashable, Sendable {
  /// All, an embedding that is also read out with counted once.
  package var total: Double
  /// Those that are neither looked up nor read out with.
  package var nonEmbedding: Double
  /// Those that one token meets.
  package var active: Double
  package var activeNonEmbedding: Double
  /// Those of the matrix that logits are read out with.
  package var head: Double
  /// The floating-point operations of training on one token, without embedding and head.
  ///
  /// Six for every weight that a token meets, and 12 * layers * heads * head width * sequence length
  /// for attention, without the half that the causal mask saves (Chowdhery et al. 2022, arXiv
  /// 2204.02311, appendix B; the M of DeepSeek LLM, arXiv 2401.02954, has the same terms).
  package var operationsPerToken: Double

  package init(_ model: ModelDimensions) {
    let width = Double(model.width)
    let embedding = width * Double(model.vocabulary)
    head = embedding
    let looked = embedding + (model.learntPositions ? width * Double(model.sequenceLength) : 0)
    let readOut = model.tied ? 0 : embedding
    let layers = Double(model.layers)
    let mixed = Double(model.experts?.layers ?? 0)
    let shared = layers * model.attentionCount + (2 * layers + 1) * model.normCount(width)
    let dense = (layers - mixed) * model.feedForwardCount(Double(model.ffnWidth))
    nonEmbedding = shared + dense + mixed * model.expertCount { Double($0.routed) }
    activeNonEmbedding = shared + dense + mixed * model.expertCount { Double($0.active) }
    total = nonEmbedding + looked + readOut
    active = activeNonEmbedding + looked + readOut
    let attention =
      12 * layers * Double(model.heads) * Double(model.headWidth) * Double(model.sequenceLength)
    operationsPerToken = 6 * activeNonEmbedding + attention
  }
}

extension ModelDimensions {
  /// The parameters of one attention, without the norm before it.
  fileprivate var attentionCount: Double {
    let width = Double(width)
    let queries = Double(heads) * Double(headWidth)
    let keys = Double(kvHeads) * Double(headWidth)
    var count = width * (2 * queries + 2 * keys)
    switch biases {
    case .none: break
    case .queryKeyValue: count += queries + 2 * keys
    case .attention, .all: count += queries + 2 * keys + width
    }
    switch normOfQueriesAndKeys {
    case .none: break
    case .ofEachHead: count += 2 * Double(headWidth)
    case .ofAllHeads: count += queries + keys
    }
    return count
  }

  /// The parameters of a feed-forward network, without the norm before it.
  fileprivate func feedForwardCount(_ inner: Double) -> Double {
    let width = Double(width)
    let biases = biases == .all ? inner * (gated ? 2 : 1) + width : 0
    return (gated ? 3 : 2) * width * inner + biases
  }

  /// The parameters of a layer's router and of as many experts as `count` says.
  fileprivate func expertCount(_ count: (Experts) -> Double) -> Double {
    guard let experts else { return 0 }
    let shared =
      experts.sharedFFNWidth > 0 ? feedForwardCount(Double(experts.sharedFFNWidth)) : 0
    return Double(width) * Double(experts.routed)
      + count(experts) * feedForwardCount(Double(experts.ffnWidth)) + shared
  }

  fileprivate func normCount(_ width: Double) -> Double { normBiases ? 2 * width : width }
}
