/// The scale of a run: what the optimal learning rate depends on.
package struct RunScale: Hashable, Codable, Sendable {
  /// Parameters, as the law counts them.
  package var params: Double
  /// Training tokens.
  package var tokens: Double
  /// Tokens in one optimizer step, where known.
  package var batchTokens: Double?
  /// The share of a mixture of experts that is active, where runs differ in it: 1 for a dense model.
  package var activeShare: Double?

  package init(
    params: Double, tokens: Double, batchTokens: Double? = nil, activeShare: Double? = nil
  ) {
    self.params = params
    self.tokens = tokens
    self.batchTokens = batchTokens
    self.activeShare = activeShare
  }

  /// Whether `value` can be an active share: some is active, and no more than all.
  package static func isActiveShare(_ value: Double) -> Bool { value > 1e-9 && value <= 1 }

  /// Training compute over six, which orders scales.
  package var paramsTimesTokens: Double { params * tokens }

  /// The scale without its batch size: the cell that it belongs to.
  package var cell: RunScale { RunScale(params: params, tokens: tokens, activeShare: activeShare) }
}

extension RunScale: Comparable {
  /// Orders by compute, then by params, then by active share, then by batch size.
  package static func < (a: RunScale, b: RunScale) -> Bool {
    (a.paramsTimesTokens, a.params, a.activeShare ?? 1, a.batchTokens ?? 0)
      < (b.paramsTimesTokens, b.params, b.activeShare ?? 1, b.batchTokens ?? 0)
  }
}
