/// An anchor's rate at another batch, the rest of its run unchanged, by one rule.
package struct AnchorAtBatch: Hashable, Sendable {
  package let rule: PublishedBatchRule
  package let anchor: PublishedAnchor
  /// The anchor's own batch.
  package let anchorBatch: Double
  package let batchTokens: Double
  package private(set) var learningRate: Double?
  /// The settings that go with the rate, of a rule that moves them.
  package private(set) var settings: AdamBatchSettings?
  /// Why there is no rate.
  package private(set) var reason: String?

  init(
    _ rule: PublishedBatchRule, _ anchor: PublishedAnchor, from batch: Double, to other: Double,
    noiseBatch: Double?
  ) {
    self.rule = rule
    self.anchor = anchor
    anchorBatch = batch
    batchTokens = other
    let rate = anchor.learningRate
    switch rule.kind {
    case .squareRoot: learningRate = rate * BatchRule.squareRoot.factor(from: batch, to: other)
    case .linear: learningRate = rate * BatchRule.linear.factor(from: batch, to: other)
    case .surge:
      if let noiseBatch {
        let surge = BatchRule.surge(noiseBatch: noiseBatch)
        learningRate = rate * surge.factor(from: batch, to: other)
      } else {
        reason = "needs the noise scale, --noise-batch"
      }
    case .adam:
      let usual = AdamBatchSettings(
        learningRate: rate, betas: Self.usualBetas, epsilon: Self.usualEpsilon)
      settings = usual.scaled(from: batch, to: other)
      learningRate = settings?.learningRate
      if settings == nil { reason = "no answer: a beta would be negative" }
    }
  }

  /// rate^2 / batch, which the square-root rule keeps.
  package var temperature: Double? {
    learningRate.map { BatchRule.temperature(learningRate: $0, batchTokens: batchTokens) }
  }

  /// What language models are usually trained with.
  private static let usualBetas = [0.9, 0.95]
  private static let usualEpsilon = 1e-8
}

extension PublishedComparison {
  /// The rate of each anchor at the target's batch by each rule, where both are known and differ.
  package var batchRules: [AnchorAtBatch] {
    guard let batch = target.batchTokens else { return [] }
    let noise = target.noiseBatch
    return anchors.flatMap { anchor -> [AnchorAtBatch] in
      guard let own = anchor.batchTokens, own != batch else { return [] }
      return PublishedBatchRule.all.map {
        AnchorAtBatch($0, anchor, from: own, to: batch, noiseBatch: noise)
      }
    }
  }
}
