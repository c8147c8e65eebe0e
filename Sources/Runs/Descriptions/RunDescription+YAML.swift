extension RunDescription {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case version, corpus, model, tokens, seed, schedule, optimizer, parametrization, validation
    case checkpoint, telemetry
    case learningRate = "learning_rate"
    case learningRateByRole = "learning_rate_by_role"
    case batchTokens = "batch_tokens"
    case batchRamp = "batch_ramp"
    case zLoss = "z_loss"
  }

  /// Reads a run description file's text; `file` is what errors call it.
  package init(yaml text: String, file: String) throws(DescriptionError) {
    let top = try YAMLValue(parsing: text, file: file)
    try top.checkVersion(Self.version)
    let fields = try YAMLFields(top, known: CodingKeys.allCases.map(\.rawValue))
    _ = try fields.required("version")
    let corpus = try CorpusDescription(fields.required("corpus"))
    let model = try fields.required("model")
    let modelFields = try ModelFields(try YAMLFields(model, known: ModelFields.keys))
    self.init(
      corpus: corpus,
      model: try ModelDescription(modelFields.filled(for: corpus), at: model.place),
      tokens: try fields.required("tokens").wholeNumber(),
      learningRate: try fields.required("learning_rate").positiveNumber())
    if let value = fields["learning_rate_by_role"] {
      learningRateByRole = try value.learningRatesByRole()
    }
    if let value = fields["batch_tokens"] { batchTokens = try value.wholeNumber() }
    if let value = fields["batch_ramp"] { batchRamp = try BatchRamp(value) }
    if let value = fields["seed"] {
      seed = try value.wholeNumber(in: YAMLValue.wholeNumbersFromZero)
    }
    if let value = fields["schedule"] {
      schedule = try ScheduleDescription(YAMLFields(value, known: ScheduleDescription.keys))
    }
    if let value = fields["optimizer"] { optimizer = try OptimizerDescription(value) }
    if let value = fields["z_loss"] {
      zLoss = try value.number("a number, 0 or above") { $0 >= 0 }
    }
    if let value = fields["parametrization"] { parametrization = try value.nameOfParametrization() }
    if let value = fields["validation"] { try validation.read(value) }
    if let value = fields["checkpoint"] { try checkpoint.read(value) }
    if let value = fields["telemetry"] { telemetry = try Telemetry?(value) }
    do {
      try checkConsistency()
    } catch {
      throw .conflict(error, in: fields)
    }
  }

  package init(contentsOfFile path: String) throws(DescriptionError) {
    try self.init(yaml: try YAMLValue.text(ofFile: path), file: path)
  }
}

extension RunDescription.Validation {
  mutating func read(_ value: YAMLValue) throws(DescriptionError) {
    let fields = try YAMLFields(value, known: ["tokens", "every"])
    if let value = fields["tokens"] { tokens = try value.wholeNumber() }
    if let value = fields["every"] { every = try value.wholeNumber() }
  }
}

extension RunDescription.Checkpoint {
  mutating func read(_ value: YAMLValue) throws(DescriptionError) {
    every = try YAMLFields(value, known: ["every"]).required("every").wholeNumber()
  }
}
