import RealModule
import Runs

extension PublishedAnswer {
  /// All that speaks against the answer, the gravest first.
  ///
  /// A new kind of note is a method below and its place in this list.
  func notes(
    for target: PublishedTarget, inputs: PublishedInputs, scaling: AnchorScaling
  ) -> [PublishedNote] {
    [
      notPositive(inputs), otherOptimizer(target), optimizerNotStated(target),
      otherParametrization, otherModelClass(target), outsideRange, missing, anchorMisfit,
      approximate, notStatedParams(target),
      otherBatch(target, inputs), weightDecay(target, scaling),
    ].compactMap(\.self) + law.cautions.map { PublishedNote(.caution, $0) }
  }

  private func notPositive(_ inputs: PublishedInputs) -> PublishedNote? {
    guard status == .noAnswer, case .logarithmic(let line) = law.learningRate,
      let params = inputs.value(of: line.quantity)
    else { return nil }
    return PublishedNote(
      .notPositive,
      "its formula gives \(Quantity.format(line.value(at: inputs.values))) at "
        + "\(Quantity.format(params)) \(line.quantity.words): it turns negative beyond "
        + "\(Quantity.format(line.zero)), so it has no answer here")
  }

  private func otherOptimizer(_ target: PublishedTarget) -> PublishedNote? {
    guard ![.notStated, target.optimizer].contains(law.optimizer) else { return nil }
    return PublishedNote(
      .otherOptimizer,
      "a rate for \(law.optimizer.words), not for \(target.optimizer.words): their rates are not "
        + "comparable, so it is not counted in the spread")
  }

  private func optimizerNotStated(_ target: PublishedTarget) -> PublishedNote? {
    guard law.optimizer == .notStated, law.learningRate != nil else { return nil }
    let counted =
      law.counts(for: target.optimizer)
      ? "it is taken for AdamW and counted in the spread"
      : "it is taken for AdamW, so it is not counted in the spread for \(target.optimizer.words)"
    return PublishedNote(.optimizerNotStated, "its optimizer is not stated; \(counted)")
  }

  private var otherParametrization: PublishedNote? {
    guard law.parametrization == .mup, law.learningRate != nil else { return nil }
    return PublishedNote(
      .otherParametrization,
      "a base rate under muP, which every module multiplies by its own factor of width: as it stands "
        + "it is no rate for a standard model, so it is not counted in the spread")
  }

  private func otherModelClass(_ target: PublishedTarget) -> PublishedNote? {
    guard !suits(target) else { return nil }
    if target.model.isMixture {
      let counted =
        law.params == .none || law.learningRate == nil
        ? "" : law.seesActiveParams ? "; its N is taken as the active params" : ""
      let kind =
        law.modelClass == .dense ? "fitted on dense models" : "not stated to hold for mixtures"
      return PublishedNote(
        .otherModelClass,
        "\(kind), and the target is a mixture of experts\(counted)\(otherCount(target)): mixtures have "
          + "been found to want a lower rate and a larger batch, so do not use it untried")
    }
    return PublishedNote(
      .otherModelClass,
      "fitted on mixtures of experts, and the target is dense: mixtures have been found to want a "
        + "lower rate and a larger batch, so do not use it untried")
  }

  /// What all parameters of a mixture would give where the active ones are taken.
  private func otherCount(_ target: PublishedTarget) -> String {
    guard law.seesActiveParams, law.params != .none, let form = law.learningRate, !form.isRatio,
      form.quantities.contains(.params)
    else { return "" }
    var other = law
    other.seesActiveParams = false
    guard let rate = PublishedInputs(other, target).value(of: form), rate > 0,
      rate != learningRate
    else { return "" }
    return " (all of them would give \(Quantity.learningRate(rate)))"
  }

  private var outsideRange: PublishedNote? {
    let outside = decades.filter { abs($0.decades) > Self.leastDecades }
    guard !outside.isEmpty else { return nil }
    let parts = outside.map { place in
      "\(Self.decadeWords(place.decades)) "
        + "\(place.decades > 0 ? "above" : "below") its range in \(place.quantity.words)"
        + rangeWords(place.quantity)
    }
    return PublishedNote(
      .outsideRange,
      "the target lies \(parts.joined(separator: " and ")), where nobody checked the law")
  }

  private static func decadeWords(_ decades: Double) -> String {
    let text = Quantity.format(abs(decades).rounded(places: 2))
    return text + (text == "1" ? " decade" : " decades")
  }

  private func rangeWords(_ quantity: PublishedQuantity) -> String {
    law.ranges.first { $0.quantity == quantity }.map { " (\($0.words))" } ?? ""
  }

  private var missing: PublishedNote? {
    guard !needs.isEmpty else { return nil }
    return PublishedNote(.needs, "needs \(needs.joined(separator: " and "))")
  }

  private var anchorMisfit: PublishedNote? {
    guard let anchored, anchored.misfit > Self.leastMisfit else { return nil }
    return PublishedNote(
      .anchorMisfit,
      "even with its scale fitted, it misses an anchor by a factor "
        + "\(anchored.misfit.rounded(places: 2))")
  }

  private var approximate: PublishedNote? {
    guard !caveats.isEmpty else { return nil }
    return PublishedNote(.approximate, "approximate: \(caveats.joined(separator: "; "))")
  }

  private func notStatedParams(_ target: PublishedTarget) -> PublishedNote? {
    guard law.params == .notStated,
      law.forms.contains(where: { $0.form.quantities.contains(.params) })
    else { return nil }
    let other = PublishedInputs(law.counting(.nonEmbedding), target)
    guard let form = law.learningRate, !form.isRatio, let rate = other.value(of: form), rate > 0,
      let learningRate, abs(.log(rate / learningRate)) > 0.005
    else {
      return PublishedNote(
        .paramsNotStated,
        "what it counts as N is not stated; params with embedding and head are taken")
    }
    return PublishedNote(
      .paramsNotStated,
      "what it counts as N is not stated; with embedding and head it gives this, without them "
        + Quantity.learningRate(rate))
  }

  private func otherBatch(
    _ target: PublishedTarget, _ inputs: PublishedInputs
  ) -> PublishedNote? {
    guard let given = target.batchTokens, let own = inputs.batchTokens, let learningRate,
      law.learningRate?.quantities.contains(.batchTokens) == false,
      abs(.log(given / own)) > 0.1
    else { return nil }
    let rate = learningRate * BatchRule.squareRoot.factor(from: own, to: given)
    return PublishedNote(
      .otherBatch,
      "its rate is for its own batch of \(Quantity.format(own)) tokens; by the square-root rule it is "
        + "\(Quantity.learningRate(rate)) at \(Quantity.format(given))")
  }

  private func weightDecay(
    _ target: PublishedTarget, _ scaling: AnchorScaling
  ) -> PublishedNote? {
    if let ratio = scaling.weightDecayRatio {
      return PublishedNote(
        .weightDecay,
        "the anchor's weight decay is multiplied by \(Quantity.format(ratio))")
    }
    guard let timescale else { return nil }
    let span =
      "the timescale of weight decay should be \(timescale.value.rounded(significant: 2)) of the run "
      + "(\(timescale.lower.rounded(significant: 2)) to \(timescale.upper.rounded(significant: 2)) by the "
      + "percentiles of its exponent)"
    guard let batch = target.batchTokens else {
      return PublishedNote(
        .weightDecay, span + "; with --batch-tokens it gives learning rate times weight decay")
    }
    let product = batch / (timescale.value * target.tokens)
    return PublishedNote(
      .weightDecay,
      span + ": learning rate times weight decay \(Quantity.learningRate(product)) at a batch of "
        + "\(Quantity.format(batch)) tokens")
  }

  /// A smaller miss of an anchor is what sweeps themselves are off by.
  private static let leastMisfit = 1.1
}

extension PublishedLaw {
  /// The law with N counted in another way.
  fileprivate func counting(_ params: PublishedParams) -> PublishedLaw {
    var law = self
    law.params = params
    return law
  }
}

extension PublishedRange {
  /// The range in a sentence, such as `1M to 3M`.
  package var words: String {
    switch (lower, upper) {
    case (let lower?, let upper?): "\(Quantity.format(lower)) to \(Quantity.format(upper))"
    case (let lower?, nil): "\(Quantity.format(lower)) and more"
    case (nil, let upper?): "up to \(Quantity.format(upper))"
    case (nil, nil): PublishedLaw.notStated
    }
  }
}
