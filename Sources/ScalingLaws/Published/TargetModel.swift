package import Runs

/// A model as published laws see it: each of the counts that they mean by N, as far as it is known.
package struct TargetModel: Hashable, Sendable {
  /// A count, and why it is not exact where it is not.
  package struct Count: Hashable, Sendable {
    package var value: Double
    package var caveat: String?

    package init(_ value: Double, caveat: String? = nil) {
      self.value = value
      self.caveat = caveat
    }
  }

  package var total: Count?
  package var nonEmbedding: Count?
  package var active: Count?
  package var activeNonEmbedding: Count?
  /// Of the matrix that logits are read out with.
  package var head: Count?
  /// Of training, for each token, without embedding and head.
  package var operationsPerToken: Count?
  package var isMixture = false
  /// Routed experts that a token visits, over all of them: 1 for a dense model.
  package var activeShare: Double?
  package var layers: Int?
  /// What a parameter count given for it counts.
  package var kind = ParameterCountKind.total
  package var vocabulary: Int?
  package var sequenceLength: Int?

  init() {}

  /// - Parameters:
  ///   - dimensions: The sizes of the model.
  ///   - caveat: Why its counts are not exact, where they are not.
  ///   - sequenceCaveat: The same of its sequence length.
  package init(
    _ dimensions: ModelDimensions, caveat: String? = nil, sequenceCaveat: String? = nil
  ) {
    let counts = ModelCounts(dimensions)
    func count(_ value: Double) -> Count { Count(value, caveat: caveat) }
    total = count(counts.total)
    nonEmbedding = count(counts.nonEmbedding)
    active = count(counts.active)
    activeNonEmbedding = count(counts.activeNonEmbedding)
    head = count(counts.head)
    operationsPerToken = Count(counts.operationsPerToken, caveat: caveat ?? sequenceCaveat)
    isMixture = dimensions.experts != nil
    activeShare = dimensions.experts.map { Double($0.active) / Double($0.routed) } ?? 1
    layers = dimensions.layers
    vocabulary = dimensions.vocabulary
    sequenceLength = dimensions.sequenceLength
  }

  /// The count that `law` means by N.
  ///
  /// - Returns: `nil` where it can be neither known nor approximated.
  func params(for law: PublishedLaw) -> Count? {
    let seesActive = isMixture && law.seesActiveParams && law.modelClass != .mixture
    switch law.params {
    case .total, .notStated, .none:
      return seesActive ? active ?? Self.standingIn(total) : total
    case .nonEmbedding:
      return seesActive
        ? activeNonEmbedding ?? Self.standingIn(nonEmbedding) : nonEmbedding
    case .activeNonEmbedding: return activeNonEmbedding
    case .withHead:
      let body = isMixture ? activeNonEmbedding ?? Self.standingIn(nonEmbedding) : nonEmbedding
      guard let body else { return nil }
      guard let head else {
        return Count(body.value, caveat: body.caveat ?? "the head is left out: no --vocabulary")
      }
      return Count(body.value + head.value, caveat: body.caveat ?? head.caveat)
    }
  }

  private static func standingIn(_ count: Count?) -> Count? {
    count.map {
      Count($0.value, caveat: "all params taken for the active ones: no --active-params")
    }
  }
}
