extension BatchAnalysis: Encodable {
  private enum CodingKeys: String, CodingKey {
    case confidence, batches, cells, law, penaltyPercentAt, criticalLaw, fewestTokensLaw,
      smallestUsefulRatio, relations, losses, coupling, target, ramp, gaps
  }

  /// The law of the best batch without its draws, which only answers elsewhere need.
  private struct Law: Encodable {
    var formula: String
    var exponents: [String: Estimate]

    init(_ law: ScaleLaw) {
      formula = law.formula
      exponents = Dictionary(
        uniqueKeysWithValues: zip(law.terms, law.coefficients).compactMap { term, estimate in
          term.quantity.map { ($0.rawValue, estimate) }
        })
    }
  }

  /// Writes every key; what the runs do not tell is null rather than absent.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(confidence, forKey: .confidence)
    try container.encode(batches, forKey: .batches)
    try container.encode(cells, forKey: .cells)
    try container.encode(law.map(Law.init), forKey: .law)
    try container.encode(penaltyPercentAt, forKey: .penaltyPercentAt)
    try container.encode(criticalLaw, forKey: .criticalLaw)
    try container.encode(fewestTokensLaw, forKey: .fewestTokensLaw)
    try container.encode(smallestUsefulRatio, forKey: .smallestUsefulRatio)
    try container.encode(relations, forKey: .relations)
    try container.encode(losses, forKey: .losses)
    try container.encode(coupling, forKey: .coupling)
    try container.encode(target, forKey: .target)
    try container.encode(ramp, forKey: .ramp)
    try container.encode(gaps, forKey: .gaps)
  }

  /// The percentage of loss that multiples of the best batch give away.
  package var penaltyPercentAt: [String: Double]? {
    basin.map { basin in
      Dictionary(
        uniqueKeysWithValues: [0.25, 0.5, 2, 4].map {
          ($0 < 1 ? "\($0)" : "\(Int($0))", basin.penaltyPercent(at: $0))
        })
    }
  }
}
