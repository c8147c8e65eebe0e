extension RunDescription: Codable {
  /// `parametrization` in a file, which may come to say more than a name.
  private struct Named: Codable {
    var name: String
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      corpus: try container.decode(CorpusDescription.self, forKey: .corpus),
      model: try container.decode(ModelDescription.self, forKey: .model),
      tokens: try container.decode(Int.self, forKey: .tokens),
      learningRate: try container.decode(Double.self, forKey: .learningRate))
    learningRateByRole =
      try container.decodeIfPresent([String: Double].self, forKey: .learningRateByRole) ?? [:]
    batchTokens = try container.decode(Int.self, forKey: .batchTokens)
    batchRamp = try container.decodeIfPresent(BatchRamp.self, forKey: .batchRamp)
    seed = try container.decode(Int.self, forKey: .seed)
    schedule = try container.decode(ScheduleDescription.self, forKey: .schedule)
    optimizer = try container.decode(OptimizerDescription.self, forKey: .optimizer)
    zLoss = try container.decode(Double.self, forKey: .zLoss)
    parametrization = try container.decode(Named.self, forKey: .parametrization).name
    validation = try container.decode(Validation.self, forKey: .validation)
    checkpoint = try container.decode(Checkpoint.self, forKey: .checkpoint)
    if container.contains(.telemetry) {
      telemetry = try container.decodeTelemetry(forKey: .telemetry)
    }
    try checkConsistency()
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.version, forKey: .version)
    try container.encode(corpus, forKey: .corpus)
    try container.encode(model, forKey: .model)
    try container.encode(tokens, forKey: .tokens)
    try container.encode(learningRate, forKey: .learningRate)
    if !learningRateByRole.isEmpty {
      try container.encode(learningRateByRole, forKey: .learningRateByRole)
    }
    try container.encode(batchTokens, forKey: .batchTokens)
    try container.encodeIfPresent(batchRamp, forKey: .batchRamp)
    try container.encode(seed, forKey: .seed)
    try container.encode(schedule, forKey: .schedule)
    try container.encode(optimizer, forKey: .optimizer)
    try container.encode(zLoss, forKey: .zLoss)
    try container.encode(Named(name: parametrization), forKey: .parametrization)
    try container.encode(validation, forKey: .validation)
    try container.encode(checkpoint, forKey: .checkpoint)
    if telemetry != Self.usualTelemetry(tokens: tokens) {
      try container.encode(telemetry: telemetry, forKey: .telemetry)
    }
  }
}
