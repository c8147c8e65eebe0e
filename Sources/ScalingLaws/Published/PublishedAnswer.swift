/// What one published law says about one target.
package struct PublishedAnswer: Sendable {
  package enum Status: String, CaseIterable, Codable, Sendable {
    /// Within all ranges that the law states.
    case inside
    case outside
    /// The law gives a value, and nobody says where it was fitted.
    case rangeNotStated = "range not stated"
    /// Something is missing for the rate, or for all else of a law without one.
    case needs
    /// The law gives no positive rate here.
    case noAnswer = "no answer"
  }

  package let law: PublishedLaw
  package let status: Status
  /// The published value, where it is positive.
  package let learningRate: Double?
  package let batchTokens: Double?
  /// The timescale of weight decay as a share of the run.
  package let timescale: Estimate?
  /// The law through the anchors; the interval is missing for a single one.
  package let anchored: AnchoredRate?
  /// Powers of ten beyond each range that the law states; negative below, 0 between.
  package let decades: [(quantity: PublishedQuantity, decades: Double)]
  /// Why inputs are not exact.
  package let caveats: [String]
  /// What would have to be given for a value that is missing.
  package let needs: [String]
  /// Whether the rate is one for the optimizer asked for, and needs no further multipliers.
  package let isComparable: Bool
  package private(set) var notes: [PublishedNote] = []

  /// - Parameters:
  ///   - law: The law that is asked.
  ///   - target: What it is asked about.
  ///   - anchors: Measured rates that its scale is fitted to.
  ///   - confidence: The share of the interval that several anchors give.
  package init(
    _ law: PublishedLaw, for target: PublishedTarget, anchors: [PublishedAnchor] = [],
    confidence: Double = FitOptions().confidence
  ) {
    let inputs = PublishedInputs(law, target)
    let scaling = AnchorScaling(
      law, target: target, anchors: anchors, confidence: confidence)
    self.law = law
    let rate = law.learningRate.flatMap { $0.isRatio ? nil : inputs.value(of: $0) }
    learningRate = rate.flatMap { $0 > 0 ? $0 : nil }
    batchTokens = scaling.batchTokens ?? inputs.batchTokens
    timescale = inputs.timescale
    anchored = scaling.rate
    decades = law.ranges.compactMap { range in
      inputs.value(of: range.quantity).map { (range.quantity, range.decades(to: $0)) }
    }
    caveats = inputs.caveats
    var missing = inputs.missing
    if law.forms.contains(where: { $0.form.isRatio }), anchors.isEmpty {
      missing.append("--anchor")
    }
    if law.batchTokens?.isRatio == true, !anchors.isEmpty, scaling.batchTokens == nil {
      missing.append("the batch of --anchor LR@N,D,B")
    }
    needs = missing
    isComparable = law.counts(for: target.optimizer) && law.parametrization != .mup
    let isAnswered =
      law.learningRate == nil
      ? (batchTokens ?? timescale?.value) != nil : (learningRate ?? anchored?.value) != nil
    let isOutside = decades.contains { abs($0.decades) > PublishedAnswer.leastDecades }
    if let rate, rate <= 0 {
      status = .noAnswer
    } else if !isAnswered {
      status = .needs
    } else {
      status = isOutside ? .outside : law.ranges.isEmpty ? .rangeNotStated : .inside
    }
    notes = notes(for: target, inputs: inputs, scaling: scaling)
  }

  /// The value to show first: through the anchors where there are any.
  package var bestRate: Double? { anchored?.value ?? learningRate }

  /// Whether the law was made for a model like the target's.
  package func suits(_ target: PublishedTarget) -> Bool {
    switch law.modelClass {
    case .dense, .notStated: !target.model.isMixture
    case .mixture: target.model.isMixture
    }
  }

  /// Nearer than this a target counts as inside.
  static let leastDecades = 0.005
}
