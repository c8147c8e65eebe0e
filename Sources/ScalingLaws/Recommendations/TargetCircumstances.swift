import RealModule
import Runs

/// What sets a target's run apart from those that laws of scale know.
///
/// They know runs from scratch, in one pass over fresh text, judged by their loss after the decay.
package struct TargetCircumstances: Hashable, Sendable {
  /// The tokens of text that differ; a longer run repeats them.
  package var uniqueTokens: Double?
  /// The tokens that the weights to start from have seen.
  package var trainedTokens: Double?
  /// Whether the loss that counts is one after the decay.
  package var isAnnealed: Bool?

  package init(
    uniqueTokens: Double? = nil, trainedTokens: Double? = nil, isAnnealed: Bool? = nil
  ) {
    self.uniqueTokens = uniqueTokens
    self.trainedTokens = trainedTokens
    self.isAnnealed = isAnnealed
  }

  /// The passes over repeated text that are worth nearly as much as fresh text (arXiv 2305.16264,
  /// abstract).
  private static let harmlessPasses = 4.0
  /// Fewer passes are one, but for rounding.
  private static let leastRepeats = 1.05
  /// How many repetitions wear repeated text out by a factor e (the same, appendix A, R*_D).
  private static let wearingRepetitions = 15.387756

  /// The fresh tokens that `tokens` over `unique` ones are worth for the loss.
  ///
  /// D' = U + U R* (1 - exp(-R / R*)) with R = D / U - 1 (Muennighoff et al. 2023, arXiv 2305.16264,
  /// equation 5 with the fitted R* of appendix A). It is fitted to losses, not to learning rates.
  ///
  /// - Parameters:
  ///   - tokens: Of the run, repeats included.
  ///   - unique: Of the text.
  /// - Returns: Tokens, no more than were trained on.
  package static func freshTokens(worth tokens: Double, unique: Double) -> Double {
    guard tokens > unique else { return tokens }
    let repetitions = tokens / unique - 1
    return unique
      * (1 + wearingRepetitions * -Double.expMinusOne(-repetitions / wearingRepetitions))
  }
}

extension TargetCircumstances {
  /// What a law does not know of the run.
  ///
  /// - Parameters:
  ///   - target: The run asked for.
  ///   - lawIsAnnealed: Whether the law is of losses after the decay, where that is known.
  ///   - rate: The law's rate at another horizon; `nil` where there are many laws.
  /// - Returns: A warning for each circumstance, with the numbers that it would change.
  package func warnings(
    at target: RunScale, lawIsAnnealed: Bool?, rate: ((RunScale) -> Double)? = nil
  ) -> [FitWarning] {
    [
      repeated(target, rate), continued(target, rate), phase(lawIsAnnealed),
    ].compactMap(\.self)
  }

  private func repeated(_ target: RunScale, _ rate: ((RunScale) -> Double)?) -> FitWarning? {
    guard let uniqueTokens, target.tokens > Self.leastRepeats * uniqueTokens else { return nil }
    let passes = target.tokens / uniqueTokens
    let fresh = Self.freshTokens(worth: target.tokens, unique: uniqueTokens)
    return FitWarning(
      .repeatedData,
      "\(Quantity.format(target.tokens)) tokens are \(passes.rounded(places: 1)) passes over "
        + "\(Quantity.format(uniqueTokens)), worth about \(Quantity.format(fresh)) fresh ones for the loss "
        + "(arXiv 2305.16264)"
        + (passes <= Self.harmlessPasses
          ? ", which is little less" : ", and passes after the fourth are worth ever less")
        + "; no law here was fitted on repeated text. "
        + effect(of: fresh, "Were only fresh tokens to count", target, rate)
        + ", and a small sweep with as many passes would tell")
  }

  private func continued(_ target: RunScale, _ rate: ((RunScale) -> Double)?) -> FitWarning? {
    guard let trainedTokens else { return nil }
    let whole = target.tokens + trainedTokens
    return FitWarning(
      .continuedTraining,
      "the weights have seen \(Quantity.format(trainedTokens)) tokens, and laws are of runs from scratch. "
        + effect(
          of: whole, "Counted from scratch, \(Quantity.format(whole)) tokens in all", target, rate)
        + "; take the answers as the ends of a bracket. From a checkpoint before its decay go on at the rate "
        + "that it had; from a decayed one warm up again and decay again: the loss first rises, and ends "
        + "lower than without (arXiv 2308.04014, 2403.08763, which also replay old text)")
  }

  private func phase(_ lawIsAnnealed: Bool?) -> FitWarning? {
    switch (lawIsAnnealed, isAnnealed) {
    case (false, true?), (false, nil):
      FitWarning(
        .phase,
        "the law's runs did not decay their rate: it is the best rate for the loss of the stable phase. "
          + Self.phasesDiffer + "; anneal a branch of each run and fit those losses")
    case (true, false?):
      FitWarning(
        .phase,
        "the answer is for losses after the decay, and the target's counts before it. "
          + Self.phasesDiffer + "; fit losses of the stable phase")
    case (nil, false?):
      FitWarning(
        .phase,
        "the law's runs do not say whether they decayed their rate (schedule.kind, schedule.decay), so "
          + "whether it is of the phase asked for cannot be told. " + Self.phasesDiffer)
    default: nil
    }
  }

  /// Measured on the built-in study; `Documentation/phases-and-epochs.md` has the table.
  private static let phasesDiffer =
    "In three tiny models of Vernier's quickstart the rate that is best after the decay was 1.2 to 1.4 "
    + "times the one before it; elsewhere it is reported to carry over (arXiv 2608.28308)"

  /// What another horizon in the law's place would change.
  private func effect(
    of tokens: Double, _ condition: String, _ target: RunScale, _ rate: ((RunScale) -> Double)?
  ) -> String {
    var other = target
    other.tokens = tokens
    guard let rate else {
      let ratio = tokens / target.tokens
      let factors = Self.publishedExponents.map { Double.pow(ratio, $0) }.sorted()
      return "\(condition), the published exponents of tokens, "
        + Self.publishedExponents.map { "\($0)" }.joined(separator: " to ")
        + ", would change rates by factors from "
        + factors.map { "\($0.rounded(places: 2))" }.joined(separator: " to ")
    }
    let (there, here) = (rate(other), rate(target))
    return "\(condition), the law gives \(Quantity.learningRate(there)), "
      + "\((there / here).rounded(places: 2)) times this answer"
  }

  /// Of the learning rate in tokens, from arXiv 2601.05049 and 2503.04715.
  private static let publishedExponents = [-0.3509, 0.307]
}

extension SweepRecipe {
  /// Whether the losses are of runs that decayed their rate; `nil` where the runs do not say.
  package var isAnnealed: Bool? {
    guard let kind = scheduleKind?.lowercased() else { return nil }
    if kind == "constant" { return false }
    return scheduleDecay.map { $0 > 0 } ?? true
  }
}
