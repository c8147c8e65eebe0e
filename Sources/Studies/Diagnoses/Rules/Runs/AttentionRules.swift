import RealModule
import Runs

/// The logits of attention grow.
struct AttentionLogitRule: RunRule {
  /// Above this a query may look at one key alone: the others have weights of e⁻²⁰, below what single
  /// precision adds to 1.
  static let high = 20.0
  /// Where published soft-caps begin to hold (Gemma 2, arXiv 2408.00118).
  static let veryHigh = 50.0
  /// Growth over the second half that matters.
  static let leastGrowth = 0.1

  func findings(in diagnosis: RunDiagnosis) -> [Finding] {
    let grown = diagnosis.attention.filter { series in
      guard let last = series.points.last, last.logitMaximum >= Self.high else { return false }
      return last.logitMaximum >= Self.veryHigh || Self.grows(series)
    }
    guard
      let worst = grown.max(by: {
        ($0.points.last?.logitMaximum ?? 0) < ($1.points.last?.logitMaximum ?? 0)
      }), let last = worst.points.last
    else { return [] }
    let factor = worst.logitTrend.map { Double.exp($0.change) } ?? .nan
    let growth =
      Self.grows(worst)
      ? " and grew by a factor of \(factor.rounded(significant: 3)) over the second half of the run"
      : ""
    let isDanger = last.logitMaximum >= Self.veryHigh && Self.grows(worst)
    return [
      Finding(
        .attentionLogits, isDanger ? .danger : .caution,
        at: grown.map { "block \($0.block)" }.joined(separator: ", "),
        seen: "the attention logits of block \(worst.block) have come to "
          + "\(last.logitMaximum.rounded(significant: 3))\(growth)",
        meaning: "large logits make attention one-hot and end in divergence at high rates: set "
          + "`qk_norm: true` in the model or `attention_softcap: 50`, or lower the rate",
        source: "arXiv 2309.14322; soft-cap: arXiv 2408.00118",
        evidence: [
          .init("logit_maximum", last.logitMaximum), .init("late_growth_factor", factor),
          .init("blocks", Double(grown.count)),
        ])
    ]
  }

  private static func grows(_ series: AttentionSeries) -> Bool {
    series.logitTrend.map { $0.isClearRise && .exp($0.change) >= 1 + leastGrowth } ?? false
  }
}

/// Attention looks at ever fewer tokens.
struct AttentionEntropyRule: RunRule {
  /// Of the entropy of looking at everything alike: less is nearly one token a query.
  static let leastShare = 0.1

  func findings(in diagnosis: RunDiagnosis) -> [Finding] {
    guard !diagnosis.attention.isEmpty, let length = diagnosis.run.sequenceLength, length > 1
    else { return [] }
    // The mean of log i over the positions i of a sequence.
    let even = Double.logGamma(Double(length) + 1) / Double(length)
    let collapsed = diagnosis.attention.filter { series in
      guard let last = series.points.last, let trend = series.entropyTrend else { return false }
      return last.entropy < Self.leastShare * even && trend.isClearFall
    }
    guard
      let worst = collapsed.min(by: {
        ($0.points.last?.entropy ?? 0) < ($1.points.last?.entropy ?? 0)
      }),
      let entropy = worst.points.last?.entropy
    else { return [] }
    return [
      Finding(
        .attentionCollapse, .caution,
        at: collapsed.map { "block \($0.block)" }.joined(separator: ", "),
        seen: "the entropy of attention in block \(worst.block) has fallen to "
          + "\(entropy.rounded(significant: 2)) nats, \((100 * entropy / even).rounded(significant: 2)) % of "
          + "that of looking at all alike, and falls on",
        meaning: "queries that look at one token alone get no gradient to look elsewhere: set "
          + "`qk_norm: true` in the model, or lower the rate",
        source: "arXiv 2303.06296",
        evidence: [
          .init("entropy", entropy), .init("even_entropy", even),
          .init("blocks", Double(collapsed.count)),
        ])
    ]
  }
}
