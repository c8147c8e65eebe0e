/// The scale of a run: what the optimal learning rate depends on.
package struct RunScale: Hashable, Codable, Sendable {
  /// Parameters, as the law counts them.
  package var params: Double
  /// Training tokens.
  package var tokens: Double
  /// Tokens in one optimizer step, where known.
  package var batchTokens: Double?

  package init(params: Double, tokens: Double, batchTokens: Double? = nil) {
    self.params = params
    self.tokens = tokens
    self.batchTokens = batchTokens
  }

  /// Training compute over six, which orders scales.
  package var paramsTimesTokens: Double { params * tokens }

  /// The scale without its batch size: the cell that it belongs to.
  package var cell: RunScale { RunScale(params: params, tokens: tokens) }
}

extension RunScale: Comparable {
  /// Orders by compute, then by params, then by batch size.
  package static func < (a: RunScale, b: RunScale) -> Bool {
    (a.paramsTimesTokens, a.params, a.batchTokens ?? 0)
      < (b.paramsTimesTokens, b.params, b.batchTokens ?? 0)
  }
}
