import RealModule

/// A law through anchors: its scale is theirs, its dependence on scale its own.
package struct AnchoredRate: Hashable, Sendable {
  package var value: Double
  /// The ends of the interval for another run like the anchors, where there are several.
  package var lower: Double?
  package var upper: Double?
  /// What the published value is multiplied by; `nil` where only ratios are published.
  package var scale: Double?
  /// The greatest factor by which the law through the anchors misses one of them.
  package var misfit: Double
}

/// What anchors make of one law at one target.
struct AnchorScaling {
  private(set) var rate: AnchoredRate?
  /// The batch of a law that knows only how it changes.
  private(set) var batchTokens: Double?
  /// What the weight decay of the anchor is multiplied by, where there is a single one.
  private(set) var weightDecayRatio: Double?

  init(
    _ law: PublishedLaw, target: PublishedTarget, anchors: [PublishedAnchor], confidence: Double
  ) {
    guard !anchors.isEmpty else { return }
    let there = PublishedInputs(law, target)
    let here = anchors.map { anchor -> PublishedInputs in
      let place = target.moved(
        to: target.model.scaled(to: anchor.params), tokens: anchor.tokens,
        batchTokens: anchor.batchTokens)
      return PublishedInputs(law, place).with(batchTokens: anchor.batchTokens ?? law.anchorBatch)
    }
    if let form = law.batchTokens, form.isRatio {
      let batches = zip(anchors, here).compactMap { anchor, inputs -> Double? in
        guard let batch = anchor.batchTokens ?? law.anchorBatch else { return nil }
        return Self.ratio(of: form, from: inputs, to: there).map { .log(batch * $0) }
      }
      batchTokens = Self.mean(batches).map { form.finished(.exp($0)) }
    }
    let arrived = there.with(batchTokens: target.batchTokens ?? batchTokens)
    if let form = law.learningRate {
      rate = Self.rate(form, anchors: anchors, from: here, to: arrived, confidence: confidence)
    }
    if let form = law.weightDecay, let place = here.first, here.count == 1 {
      weightDecayRatio = Self.ratio(of: form, from: place, to: arrived)
    }
  }

  private static func rate(
    _ form: PublishedForm, anchors: [PublishedAnchor], from here: [PublishedInputs],
    to there: PublishedInputs, confidence: Double
  ) -> AnchoredRate? {
    let logs = zip(anchors, here).compactMap { anchor, inputs -> Double? in
      ratio(of: form, from: inputs, to: there).map { .log(anchor.learningRate * $0) }
    }
    guard logs.count == anchors.count, let centre = mean(logs) else { return nil }
    let misfit: Double = logs.map { abs($0 - centre) }.max() ?? 0
    let published = form.isRatio ? nil : there.value(of: form)
    let value = form.finished(Double.exp(centre))
    var rate = AnchoredRate(
      value: value, scale: published.map { value / $0 }, misfit: Double.exp(misfit))
    guard logs.count > 1 else { return rate }
    let count = Double(logs.count)
    let squares: Double = logs.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    let deviation = (squares / (count - 1) * (1 + 1 / count)).squareRoot()
    let reach = deviation * studentQuantile((1 + confidence) / 2, degrees: logs.count - 1)
    rate.lower = form.finished(Double.exp(centre - reach))
    rate.upper = form.finished(Double.exp(centre + reach))
    return rate
  }

  /// How a form changes from one place to another; `nil` where it is not positive at both.
  private static func ratio(
    of form: PublishedForm, from here: PublishedInputs, to there: PublishedInputs
  ) -> Double? {
    let values = [here, there].map { form.unfinishedValue(at: $0.values) }
    guard values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    return values[1] / values[0]
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

extension PublishedLaw {
  /// Whether it has a batch of its own wherever it has an answer.
  var choosesBatch: Bool { batchTokens?.isRatio == false || anchorBatch != nil }

  /// The batch at an anchor that does not give its own.
  fileprivate var anchorBatch: Double? {
    guard case .power(let power) = batchTokens else { return nil }
    return power.valueAtAnchor
  }
}
