extension StudyDescription: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case version, corpus, model, tokens
    case predictedTokens = "predict_tokens"
    case learningRates = "learning_rates"
    case batchTokens = "batch_tokens"
    case seeds
    case chosenRuns = "runs"
    case schedule, optimizer, parametrization, validation, checkpoint, telemetry
    case learningRateByRole = "learning_rate_by_role"
    case zLoss = "z_loss"
    case batchRamp = "batch_ramp"
    case holdOut = "hold_out"
    case target, budget, trainer
  }

  private struct Sizes: Codable {
    var sizes: [ModelDescription]
  }

  /// `parametrization` in a file, which may come to say more than a name.
  private struct Named: Codable {
    var name: String
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      corpus: try container.decode(CorpusDescription.self, forKey: .corpus),
      models: try container.decode(Sizes.self, forKey: .model).sizes,
      tokens: try container.decode([Int].self, forKey: .tokens),
      learningRates: try container.decode(LearningRates.self, forKey: .learningRates),
      batchTokens: try container.decode([Int].self, forKey: .batchTokens),
      seeds: try container.decode([Int].self, forKey: .seeds),
      parametrization: try container.decode(Named.self, forKey: .parametrization).name,
      holdOut: try container.decodeIfPresent(HoldOut.self, forKey: .holdOut),
      target: try container.decodeIfPresent(Target.self, forKey: .target),
      budget: try container.decodeIfPresent(Budget.self, forKey: .budget),
      trainer: try container.decode(Trainer.self, forKey: .trainer))
    optimizers = try container.decodeOneOrMore(OptimizerEntry.self, forKey: .optimizer)
    schedules = try container.decodeOneOrMore(ScheduleEntry.self, forKey: .schedule)
    learningRateByRole =
      try container.decodeIfPresent([String: Double].self, forKey: .learningRateByRole) ?? [:]
    batchRamp = try container.decodeIfPresent(BatchRamp.self, forKey: .batchRamp)
    zLoss = try container.decodeIfPresent(Double.self, forKey: .zLoss) ?? 0
    if container.contains(.telemetry) {
      telemetry = try container.decodeTelemetry(forKey: .telemetry)
    }
    predictedTokens = try container.decodeIfPresent([Int].self, forKey: .predictedTokens) ?? []
    validation = try container.decode(RunDescription.Validation.self, forKey: .validation)
    checkpoint = try container.decode(RunDescription.Checkpoint.self, forKey: .checkpoint)
    chosenRuns = try container.decodeIfPresent([ChosenRun].self, forKey: .chosenRuns)
    try checkConsistency()
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.version, forKey: .version)
    try container.encode(corpus, forKey: .corpus)
    try container.encode(Sizes(sizes: models), forKey: .model)
    try container.encode(tokens, forKey: .tokens)
    if !predictedTokens.isEmpty { try container.encode(predictedTokens, forKey: .predictedTokens) }
    try container.encode(learningRates, forKey: .learningRates)
    try container.encode(batchTokens, forKey: .batchTokens)
    try container.encode(seeds, forKey: .seeds)
    try container.encodeIfPresent(chosenRuns, forKey: .chosenRuns)
    try container.encode(oneOrMore: schedules, forKey: .schedule)
    try container.encode(oneOrMore: optimizers, forKey: .optimizer)
    if !learningRateByRole.isEmpty {
      try container.encode(learningRateByRole, forKey: .learningRateByRole)
    }
    try container.encodeIfPresent(batchRamp, forKey: .batchRamp)
    if zLoss != 0 { try container.encode(zLoss, forKey: .zLoss) }
    try container.encode(Named(name: parametrization), forKey: .parametrization)
    try container.encode(validation, forKey: .validation)
    try container.encode(checkpoint, forKey: .checkpoint)
    if telemetry != Self.usualTelemetry {
      try container.encode(telemetry: telemetry, forKey: .telemetry)
    }
    try container.encodeIfPresent(holdOut, forKey: .holdOut)
    try container.encodeIfPresent(target, forKey: .target)
    try container.encodeIfPresent(budget, forKey: .budget)
    try container.encode(trainer, forKey: .trainer)
  }
}

extension StudyDescription.LearningRates: Codable {
  private struct Spaced: Codable {
    var from: Double
    var to: Double
    var points: Int
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let rates = try? container.decode([Double].self) {
      self = .listed(rates)
    } else {
      let range = try container.decode(Spaced.self)
      self = .spaced(from: range.from, to: range.to, points: range.points)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .listed(let rates): try container.encode(rates)
    case .spaced(let from, let to, let points):
      try container.encode(Spaced(from: from, to: to, points: points))
    }
  }
}

extension StudyDescription.Trainer: Codable {
  private struct Fields: Codable {
    var kind: Kind
    var argv: [String]?
    var log: String?
    var format: String?
  }

  package init(from decoder: any Decoder) throws {
    let fields = try Fields(from: decoder)
    switch fields.kind {
    case .builtin: self = .builtin
    case .command:
      self = .command(
        argv: fields.argv ?? [], log: fields.log ?? "", format: fields.format ?? "")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .builtin: try Fields(kind: .builtin).encode(to: encoder)
    case .command(let argv, let log, let format):
      try Fields(kind: .command, argv: argv, log: log, format: format).encode(to: encoder)
    }
  }
}
