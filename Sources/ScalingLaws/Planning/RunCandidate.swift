/// A run that could be trained.
package struct RunCandidate: Hashable, Sendable {
  /// With its batch size, where runs differ in it.
  package var scale: RunScale
  package var learningRate: Double
  /// The floating-point operations of the whole run, where its source says them.
  package var operations: Double?

  package init(scale: RunScale, learningRate: Double, operations: Double? = nil) {
    self.scale = scale
    self.learningRate = learningRate
    self.operations = operations
  }
}

extension RunCandidate {
  /// Whether the runs differ in nothing but rounding.
  package func isSame(as other: RunCandidate) -> Bool {
    func isNear(_ a: Double?, _ b: Double?) -> Bool {
      guard let a, let b else { return a == b }
      return abs(a - b) <= Self.tolerance * abs(b)
    }
    return isNear(learningRate, other.learningRate) && isNear(scale.params, other.scale.params)
      && isNear(scale.tokens, other.scale.tokens)
      && isNear(scale.batchTokens, other.scale.batchTokens)
      && isNear(scale.activeShare, other.scale.activeShare)
  }

  /// An order that does not depend on that of a file: by compute, then by learning rate and price.
  static func comesFirst(_ a: RunCandidate, _ b: RunCandidate) -> Bool {
    (a.scale, a.learningRate, a.operations ?? 0) < (b.scale, b.learningRate, b.operations ?? 0)
  }

  /// Numbers that are relatively closer than this are one.
  static let tolerance = 0.01

  /// Every combination of sizes, horizons, batch sizes and learning rates.
  ///
  /// - Parameters:
  ///   - sizes: Parameters, as the law counts them.
  ///   - horizons: Training tokens.
  ///   - batches: Tokens a step; none where batch size is not a choice.
  ///   - learningRates: Peak rates.
  ///   - activeShare: The part of a mixture of experts that is active, where there is one.
  /// - Returns: The runs by ascending compute. Those of less than one step are left out.
  package static func grid(
    sizes: [Double], horizons: [Double], batches: [Double], learningRates: [Double],
    activeShare: Double? = nil
  ) -> [RunCandidate] {
    var candidates: [RunCandidate] = []
    for params in sizes {
      for tokens in horizons {
        for batch in batches.isEmpty ? [nil] : batches.map(Optional.some)
        where (batch ?? 0) <= tokens {
          let scale = RunScale(
            params: params, tokens: tokens, batchTokens: batch, activeShare: activeShare)
          candidates += learningRates.map { RunCandidate(scale: scale, learningRate: $0) }
        }
      }
    }
    return candidates.sorted(by: comesFirst)
  }
}
