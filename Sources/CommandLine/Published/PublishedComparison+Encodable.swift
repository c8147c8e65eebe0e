import Foundation
import Runs
import ScalingLaws

extension [PublishedComparison] {
  /// One object, or a list of them.
  func json(asList: Bool) throws -> String {
    let contents = map(ComparisonJSON.init)
    let encoder = JSONEncoder.results
    let data = asList ? try encoder.encode(contents) : try encoder.encode(contents[0])
    return String(decoding: data, as: UTF8.self)
  }

  /// A row for each target and law.
  var table: ResultTable {
    ResultTable(
      flatMap { comparison in comparison.answers.map { (comparison.target, $0) } },
      [
        .quantity("params") { $0.0.model.total?.value ?? $0.0.model.active?.value },
        .quantity("tokens") { $0.0.tokens }, .text("law") { $0.1.law.id },
        .rate("learning_rate") { $0.1.learningRate },
        .rate("anchored_learning_rate") { $0.1.anchored?.value },
        .rate("anchored_lower") { $0.1.anchored?.lower },
        .rate("anchored_upper") { $0.1.anchored?.upper },
        .quantity("batch_tokens") { $0.1.batchTokens },
        .rate("timescale") { $0.1.timescale?.value },
        .text("status") { $0.1.status.rawValue },
        .text("comparable") { $0.1.isComparable ? "true" : "false" },
        .text("needs") { $0.1.needs.joined(separator: "; ") },
        .text("optimizer") { $0.1.law.optimizer.rawValue },
        .text("model_class") { $0.1.law.modelClass.rawValue },
        .text("notes") { $0.1.notes.map(\.code.rawValue).joined(separator: "; ") },
      ])
  }
}

/// The contract of `vernier recommend --format json` without a law.
private struct ComparisonJSON: Encodable {
  var target: TargetJSON
  var anchors: [AnchorJSON]
  /// The share of the intervals at the anchors.
  var confidence: Double
  var laws: [AnswerJSON]
  var spread: OrNull<SpreadJSON>
  var spreadInside: OrNull<SpreadJSON>
  var spreadAnchored: OrNull<SpreadJSON>
  /// The anchors at the target's batch.
  var batchRules: [BatchRuleJSON]
  var advice: String
  var warnings: [FitWarning]

  init(_ comparison: PublishedComparison) {
    target = TargetJSON(comparison.target)
    anchors = comparison.anchors.map(AnchorJSON.init)
    confidence = comparison.confidence
    laws = comparison.answers.map(AnswerJSON.init)
    spread = OrNull(comparison.all.map(SpreadJSON.init))
    spreadInside = OrNull(comparison.inside.map(SpreadJSON.init))
    spreadAnchored = OrNull(comparison.anchored.map(SpreadJSON.init))
    batchRules = comparison.batchRules.map(BatchRuleJSON.init)
    advice = comparison.advice
    warnings = comparison.warnings
  }
}

private struct TargetJSON: Encodable {
  var params: OrNull<Double>
  var paramsNonEmbedding: OrNull<Double>
  var paramsActive: OrNull<Double>
  var paramsActiveNonEmbedding: OrNull<Double>
  var tokens: Double
  var batchTokens: OrNull<Double>
  var loss: OrNull<Double>
  var compute: OrNull<Double>
  var activeShare: OrNull<Double>
  var optimizer: String
  /// Why counts are not exact, where they are not.
  var approximate: [String]

  init(_ target: PublishedTarget) {
    let model = target.model
    params = OrNull(model.total?.value)
    paramsNonEmbedding = OrNull(model.nonEmbedding?.value)
    paramsActive = OrNull(model.active?.value)
    paramsActiveNonEmbedding = OrNull(model.activeNonEmbedding?.value)
    tokens = target.tokens
    batchTokens = OrNull(target.batchTokens)
    loss = OrNull(target.loss)
    compute = OrNull(target.compute?.value)
    activeShare = OrNull(model.activeShare)
    optimizer = target.optimizer.rawValue
    let counts = [
      model.total, model.nonEmbedding, model.active, model.activeNonEmbedding, target.compute,
    ]
    approximate = counts.compactMap { $0?.caveat }.reduce(into: []) { reasons, reason in
      if !reasons.contains(reason) { reasons.append(reason) }
    }
  }
}

private struct AnchorJSON: Encodable {
  var learningRate: Double
  var params: Double
  var tokens: Double
  var batchTokens: OrNull<Double>

  init(_ anchor: PublishedAnchor) {
    learningRate = anchor.learningRate
    params = anchor.params
    tokens = anchor.tokens
    batchTokens = OrNull(anchor.batchTokens)
  }
}

private struct SpreadJSON: Encodable {
  var lower: Double
  var upper: Double
  var ratio: Double
  var laws: [String]

  init(_ spread: PublishedComparison.Spread) {
    lower = spread.lower
    upper = spread.upper
    ratio = spread.ratio
    laws = spread.laws
  }
}

private struct AnswerJSON: Encodable {
  var law: String
  var name: String
  var source: String
  var verification: String
  var learningRate: OrNull<Double>
  var batchTokens: OrNull<Double>
  var timescale: OrNull<Estimate>
  var anchored: OrNull<AnchoredJSON>
  var status: String
  var comparable: Bool
  var approximate: [String]
  var needs: [String]
  var extrapolationDecades: [String: Double]
  var assumes: AssumptionsJSON
  var notes: [PublishedNote]

  init(_ answer: PublishedAnswer) {
    let law = answer.law
    self.law = law.id
    name = law.name
    source = law.source.words
    verification = law.verification.rawValue
    learningRate = OrNull(answer.learningRate)
    batchTokens = OrNull(answer.batchTokens)
    timescale = OrNull(answer.timescale)
    anchored = OrNull(answer.anchored.map(AnchoredJSON.init))
    status = answer.status.rawValue
    comparable = answer.isComparable
    approximate = answer.caveats
    needs = answer.needs
    extrapolationDecades = Dictionary(
      answer.decades.map { ($0.quantity.rawValue, $0.decades) }, uniquingKeysWith: { $1 })
    assumes = AssumptionsJSON(law)
    notes = answer.notes
  }
}

private struct AnchoredJSON: Encodable {
  var learningRate: Double
  var lower: OrNull<Double>
  var upper: OrNull<Double>
  var scale: OrNull<Double>
  var misfit: Double

  init(_ rate: AnchoredRate) {
    learningRate = rate.value
    lower = OrNull(rate.lower)
    upper = OrNull(rate.upper)
    scale = OrNull(rate.scale)
    misfit = rate.misfit
  }
}

private struct AssumptionsJSON: Encodable {
  var params: String
  var compute: OrNull<String>
  var optimizer: String
  var schedule: String
  var parametrization: String
  var modelClass: String
  var batch: String
  var weightDecay: String

  init(_ law: PublishedLaw) {
    params = law.params.rawValue
    compute = OrNull(law.compute)
    optimizer = law.optimizer.rawValue
    schedule = law.schedule
    parametrization = law.parametrization.rawValue
    modelClass = law.modelClass.rawValue
    batch = law.batchAssumption
    weightDecay = law.weightDecayAssumption
  }
}
