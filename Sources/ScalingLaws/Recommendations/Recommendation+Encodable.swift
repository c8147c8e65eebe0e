extension Recommendation {
  private enum CodingKeys: String, CodingKey {
    case params, tokens, batchTokens, activeShare, rateKind, peak, learningRate, optimum, lower,
      upper, confidence,
      weightDecay, decayAdvice
    case expectedLossPenaltyPercent, penaltyPercentAt, extrapolationDecades, law, warnings
  }

  /// Writes every key of the contract; what is not known is null rather than absent.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(params, forKey: .params)
    try container.encode(tokens, forKey: .tokens)
    try container.encode(batchTokens, forKey: .batchTokens)
    // Laws of dense models know of no share, and their answers stay as they were.
    try container.encodeIfPresent(activeShare, forKey: .activeShare)
    try container.encode(rateKind, forKey: .rateKind)
    try container.encodeIfPresent(peak, forKey: .peak)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(optimum, forKey: .optimum)
    try container.encode(lower, forKey: .lower)
    try container.encode(upper, forKey: .upper)
    try container.encode(confidence, forKey: .confidence)
    try container.encode(weightDecay, forKey: .weightDecay)
    try container.encodeIfPresent(decayAdvice, forKey: .decayAdvice)
    try container.encode(expectedLossPenaltyPercent, forKey: .expectedLossPenaltyPercent)
    try container.encode(penaltyPercentAt, forKey: .penaltyPercentAt)
    try container.encode(extrapolationDecades, forKey: .extrapolationDecades)
    try container.encode(law, forKey: .law)
    try container.encode(warnings, forKey: .warnings)
  }
}
