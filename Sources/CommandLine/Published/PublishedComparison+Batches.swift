import Runs
import ScalingLaws

extension PublishedComparison {
  /// The anchors at the target's batch for a terminal; `nil` where there is nothing to move.
  var batchText: String? {
    let moved = batchRules
    guard let batch = moved.first?.batchTokens else { return nil }
    return [
      Self.batchTitle(batch), TextTable(Self.batchHeadings, moved.map(\.row)).text,
      Self.batchRemarks.joined(separator: "\n"),
    ].joined(separator: "\n")
  }

  /// The same as Markdown.
  var batchMarkdown: String? {
    let moved = batchRules
    guard let batch = moved.first?.batchTokens else { return nil }
    let rows = [Self.batchHeadings, Self.batchHeadings.map { _ in "---" }] + moved.map(\.row)
    let table = rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    return [
      Self.batchTitle(batch), table, Self.batchRemarks.map { "- \($0)" }.joined(separator: "\n"),
    ].joined(separator: "\n\n")
  }

  private static func batchTitle(_ batch: Double) -> String {
    "another batch: what was measured, at \(Quantity.format(batch)) tokens a step and the anchor's own "
      + "params and tokens"
  }

  private static let batchHeadings = [
    "rule", "anchor", "learning rate", "betas, epsilon", "rate^2 / batch",
  ]

  private static var batchRemarks: [String] {
    let rules = PublishedBatchRule.all.map { "\($0.name) (\($0.source)): \($0.caution)" }
    return rules + [
      "rate^2 / batch: the temperature, which the square root keeps and Olmo 3 tracks between stages"
    ]
  }
}

extension AnchorAtBatch {
  fileprivate var row: [String] {
    let adam = settings.map { settings in
      let betas = settings.betas.map(Quantity.format).joined(separator: ", ")
      return "\(betas), \(Quantity.learningRate(settings.epsilon))"
    }
    return [
      rule.name,
      "\(Quantity.learningRate(anchor.learningRate)) at \(Quantity.format(anchorBatch))",
      learningRate.map { Quantity.learningRate($0) } ?? reason ?? "-", adam ?? "-",
      temperature.map { Quantity.learningRate($0) } ?? "-",
    ]
  }
}

/// One rule at one anchor in `batch_rules`.
struct BatchRuleJSON: Encodable {
  var rule: String
  var name: String
  var source: String
  var caution: String
  var anchorLearningRate: Double
  var anchorBatchTokens: Double
  var batchTokens: Double
  var learningRate: OrNull<Double>
  var betas: OrNull<[Double]>
  var epsilon: OrNull<Double>
  var temperature: OrNull<Double>
  /// Why there is no rate.
  var reason: OrNull<String>

  init(_ moved: AnchorAtBatch) {
    rule = moved.rule.kind.rawValue
    name = moved.rule.name
    source = moved.rule.source
    caution = moved.rule.caution
    anchorLearningRate = moved.anchor.learningRate
    anchorBatchTokens = moved.anchorBatch
    batchTokens = moved.batchTokens
    learningRate = OrNull(moved.learningRate)
    betas = OrNull(moved.settings?.betas)
    epsilon = OrNull(moved.settings?.epsilon)
    temperature = OrNull(moved.temperature)
    reason = OrNull(moved.reason)
  }
}
