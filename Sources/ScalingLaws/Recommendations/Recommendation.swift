import RealModule
import Runs

/// What to set for a target run, and how sure that is.
///
/// Its JSON is the contract of `vernier recommend`.
package struct Recommendation: Encodable, Sendable {
  package var params: Double
  package var tokens: Double
  /// The batch size given, else the best one by the law; `nil` when the runs carry none.
  package var batchTokens: Double?
  /// The share of the target that is active, where the target or the law has one.
  package var activeShare: Double?
  /// What `learningRate`, `optimum` and their interval are.
  package var rateKind: RateKind
  /// The peak rates that those effective ones come to; `nil` for a law in peak rates.
  package var peak: PeakRate?
  /// The rate to use: it minimises expected loss under the law's uncertainty.
  package var learningRate: Double
  /// The estimate of the minimum itself.
  package var optimum: Double
  /// The interval for the optimum that a sweep at the target would measure.
  package var lower: Double
  package var upper: Double
  package var confidence: Double
  /// The weight decay of the runs, where they share one.
  package var weightDecay: WeightDecay?
  /// What that does at the target, and what else could be set.
  package var decayAdvice: DecayAdvice?
  /// The percentage of loss that the recommended rate is expected to give away.
  package var expectedLossPenaltyPercent: Double
  /// The percentage of loss given away at multiples of the optimal rate.
  package var penaltyPercentAt: [String: Double]
  /// How far the target lies beyond the scales fitted on.
  package var extrapolationDecades: Extrapolation
  package var law: String
  package var warnings: [FitWarning]

  package struct WeightDecay: Encodable, Sendable {
    package var value: Double
    package var convention: String?
  }

  /// Powers of ten beyond the largest scale seen; negative below the smallest, 0 between.
  package struct Extrapolation: Encodable, Sendable {
    package var params: Double
    package var tokens: Double
    /// `nil` where the law does not depend on it.
    package var activeShare: Double?
  }

  package static let penaltyFactors = [
    "0.5": 0.5, "0.707": 0.5.squareRoot(), "1.41": 2.0.squareRoot(), "2": 2.0,
  ]

  /// - Parameters:
  ///   - law: The law to answer by.
  ///   - target: One that the law's `validate(_:isOfExperts:)` accepts.
  ///   - confidence: The share of the interval.
  package init(_ law: LearningRateLaw, at target: RunScale, confidence: Double) {
    let prediction = law.predict(at: target, confidence: confidence)
    params = target.params
    tokens = target.tokens
    batchTokens = target.batchTokens ?? law.bestBatchTokens(at: target)
    activeShare = target.activeShare
    rateKind = law.rateKind
    peak = PeakRate(law, at: target, prediction: prediction)
    learningRate = prediction.learningRate
    optimum = prediction.optimum.value
    lower = prediction.optimum.lower
    upper = prediction.optimum.upper
    self.confidence = confidence
    weightDecay = law.recipe.weightDecay.flatMap { decay in
      decay.value.map { WeightDecay(value: $0, convention: decay.convention) }
    }
    decayAdvice = DecayAdvice(
      law, at: target, learningRate: prediction.learningRate, batchTokens: batchTokens)
    expectedLossPenaltyPercent = prediction.expectedPenaltyPercent
    penaltyPercentAt = Self.penaltyFactors.mapValues { law.basin.penaltyPercent(at: $0) }
    extrapolationDecades = law.extrapolation(to: target)
    self.law = law.answering(at: target).formula
    warnings = law.warnings
    warnings += law.warnings(at: target, prediction: prediction)
  }
}

extension LearningRateLaw {
  /// The law that answers at `target`: that at a given batch size where both are there.
  package func answering(at target: RunScale) -> ScaleLaw {
    target.batchTokens == nil ? rate : rateAtBatch ?? rate
  }

  package func predict(at target: RunScale, confidence: Double) -> RatePrediction {
    RatePrediction(answering(at: target), at: target, basin: basin, confidence: confidence)
  }

  /// How far `target` lies beyond the cells that the law rests on.
  func extrapolation(to target: RunScale) -> Recommendation.Extrapolation {
    Recommendation.Extrapolation(
      params: supportedParams.decades(to: target.params),
      tokens: supportedTokens.decades(to: target.tokens),
      activeShare: supportedActiveShares.flatMap { shares in
        target.activeShare.map(shares.decades(to:))
      })
  }

  /// The best batch size at `target`, or the only one that was tried.
  package func bestBatchTokens(at target: RunScale) -> Double? {
    if let batch { return batch.value(at: target).rounded() }
    guard let tried = ranges.batchTokens, tried.lower == tried.upper else { return nil }
    return tried.lower
  }

  /// What a target adds to the warnings of the law itself.
  func warnings(at target: RunScale, prediction: RatePrediction) -> [FitWarning] {
    var warnings: [FitWarning] = []
    let decades = extrapolation(to: target)
    let beyond = [
      ("params", decades.params), ("tokens", decades.tokens),
      ("active share", decades.activeShare ?? 0),
    ].filter { abs($0.1) > 0.005 }
    if !beyond.isEmpty {
      let parts = beyond.map { name, decades in
        "\(abs(decades).rounded(places: 2)) decades \(decades > 0 ? "above" : "below") the runs in \(name)"
      }
      warnings.append(
        FitWarning(
          .extrapolation,
          "the target lies \(parts.joined(separator: " and ")); the interval assumes that the same "
            + "law goes on there"
            + (beyond.contains { abs($0.1) > 2 } ? ", which over so far is a guess" : "")))
    }
    if let given = target.batchTokens, rateAtBatch == nil {
      let tried = ranges.batchTokens.map {
        "\(Quantity.format($0.lower)) to \(Quantity.format($0.upper))"
      }
      let isTried = ranges.batchTokens.map { $0.decades(to: given) == 0 } ?? false
      if !isTried || ranges.batchTokens?.lower != ranges.batchTokens?.upper {
        warnings.append(
          FitWarning(
            .batchNotIdentified,
            "the runs do not tell how the learning rate depends on batch size (tried: "
              + "\(tried ?? "not given")); the answer is the same for any batch"))
      }
    } else if let used = target.batchTokens ?? bestBatchTokens(at: target),
      let range = ranges.batchTokens, abs(range.decades(to: used)) > 0.005
    {
      warnings.append(
        FitWarning(
          .extrapolation,
          "the batch of \(Quantity.format(used)) tokens lies outside the batches tried, "
            + "\(Quantity.format(range.lower)) to \(Quantity.format(range.upper))"))
    }
    if let given = target.activeShare, !needsActiveShare {
      let tried = ranges.activeShare ?? ValueRange(ActiveShares.dense)
      if tried.decades(to: given) != 0 {
        warnings.append(
          FitWarning(
            .activeShareNotIdentified,
            "the runs do not tell how the learning rate depends on the active share (all have "
              + "\(Quantity.format(tried.lower))); the answer is that for their share"))
      }
    }
    if ranges.learningRate.decades(to: prediction.learningRate) != 0 {
      warnings.append(
        FitWarning(
          .outsideSweptRates,
          "no run used a learning rate as \(prediction.learningRate > ranges.learningRate.upper ? "high" : "low")"
            + " as this one"))
    }
    return warnings
  }
}

extension ScaleLaw {
  /// The law as text, anchored at the centre of the scales fitted on.
  package var formula: String {
    let name =
      switch quantity {
      case .learningRate: "LR*"
      case .effectiveLearningRate: "effective LR*"
      case .batchTokens: "B*"
      }
    let factors = zip(terms, coefficients).compactMap { term, coefficient -> String? in
      guard let quantity = term.quantity, let scale = quantity.value(at: centre) else { return nil }
      return
        "(\(quantity.symbol)/\(Quantity.format(scale)))^\(coefficient.value.rounded(places: 3))"
    }
    let constant = Double.exp(coefficient(of: .constant)?.value ?? 0)
    let leading =
      quantity == .batchTokens
      ? Quantity.format(constant) : Quantity.learningRate(constant, digits: 3)
    return "\(name) = \(([leading] + factors + bend).joined(separator: " "))"
  }
  /// The factor that bends the law, where it does; its letters are the logs of the other factors.
  private var bend: [String] {
    let parts = zip(terms, coefficients).compactMap { term, coefficient -> String? in
      let value = coefficient.value.rounded(places: 3)
      guard let letters = term.letters, value != 0 else { return nil }
      return "\(value < 0 ? "-" : "+") \(abs(value)) \(letters)"
    }
    guard !parts.isEmpty else { return [] }
    let sum = parts.joined(separator: " ")
    // The first term's sign stands before its number, a plus not at all.
    let first = sum.hasPrefix("-") ? "-" : ""
    return ["exp(\(first + sum.dropFirst(2)))"]
  }
}
