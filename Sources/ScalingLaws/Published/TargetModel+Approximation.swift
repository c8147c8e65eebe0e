import RealModule
package import Runs

extension TargetModel {
  /// A model of which little but a parameter count is known.
  ///
  /// - Parameters:
  ///   - params: The count, all of a mixture's parameters unless `kind` is active.
  ///   - kind: What it counts.
  ///   - activeParams: Of a mixture, those that a token meets, counted in the same way.
  ///   - activeShare: Of a mixture, routed experts that a token visits over all of them.
  ///   - vocabulary: The tokens of its vocabulary.
  ///   - sequenceLength: The tokens of a training sequence.
  package init(
    params: Double, kind: ParameterCountKind, activeParams: Double? = nil,
    activeShare: Double? = nil, vocabulary: Int? = nil, sequenceLength: Int? = nil
  ) {
    self.init()
    self.kind = kind
    self.vocabulary = vocabulary
    self.sequenceLength = sequenceLength
    isMixture = activeParams != nil || activeShare != nil || kind == .active
    self.activeShare = isMixture ? activeShare : 1
    let all = kind == .active ? nil : params
    let met = kind == .active ? params : isMixture ? activeParams : params
    setCounts(all: all, met: met)
    setOperations()
  }

  private mutating func setCounts(all: Double?, met: Double?) {
    let width = (met ?? all).flatMap(usualWidth)
    let matrix = width.flatMap { width in vocabulary.map { width * Double($0) } }
    head = matrix.map { Count($0, caveat: Self.guessedEmbedding) }
    let caveat = matrix == nil ? Self.noVocabulary : Self.guessedEmbedding
    // Embedding and head; a tied model would have one of them, which nobody said.
    let both = 2 * (matrix ?? 0)
    if kind == .nonEmbedding {
      nonEmbedding = all.map { Count($0) }
      activeNonEmbedding = met.map { Count($0) }
      total = all.map { Count($0 + both, caveat: caveat) }
      active = met.map { Count($0 + both, caveat: caveat) }
    } else {
      total = all.map { Count($0) }
      active = met.map { Count($0) }
      nonEmbedding = all.map { Count($0 - both, caveat: caveat) }
      activeNonEmbedding = met.map { Count($0 - both, caveat: caveat) }
    }
  }

  private mutating func setOperations() {
    guard let body = activeNonEmbedding else { return }
    guard let sequenceLength else {
      operationsPerToken = Count(6 * body.value, caveat: "compute taken as 6 N for each token")
      return
    }
    let width = Self.usualWidth(ofBody: body.value)
    let attention = 12 * width * width / Self.usualAspect * Double(sequenceLength)
    operationsPerToken = Count(
      6 * body.value + attention, caveat: "attention estimated for a usual width")
  }

  /// The width at which a usual body and, where they are counted, both matrices of the vocabulary
  /// have `count` parameters.
  private func usualWidth(for count: Double) -> Double? {
    guard let vocabulary else { return nil }
    guard kind != .nonEmbedding else { return Self.usualWidth(ofBody: count) }
    var low = 0.0
    var high = Self.usualWidth(ofBody: count)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let found = 12 / Self.usualAspect * .pow(middle, 3) + 2 * middle * Double(vocabulary)
      if found < count { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The width of a body of `count` parameters, 12 * layers * width^2.
  private static func usualWidth(ofBody count: Double) -> Double {
    .pow(count * usualAspect / 12, 1.0 / 3)
  }

  /// Width over layers, as in models of some billion parameters (LLaMA 7B: 4096 / 32).
  private static let usualAspect = 128.0
  private static let noVocabulary =
    "params with and without embedding taken as equal: no --vocabulary or --model"
  private static let guessedEmbedding =
    "the embedding is estimated from --vocabulary and a usual width"
}
