extension StudyDescription {
  /// Reads a study file's text; `file` is what errors call it.
  package init(yaml text: String, file: String) throws(DescriptionError) {
    let top = try YAMLValue(parsing: text, file: file)
    try top.checkVersion(Self.version)
    let fields = try YAMLFields(top, known: CodingKeys.allCases.map(\.rawValue))
    _ = try fields.required("version")
    let corpus = try CorpusDescription(fields.required("corpus"))
    let ladder = try Ladder(fields.required("model"), corpus: corpus)
    let tokens = try fields.required("tokens").ascendingWholeNumbers()
    var optimizers: [OptimizerEntry]?
    if let value = fields["optimizer"] { optimizers = try OptimizerEntry.all(value) }
    self.init(
      corpus: corpus, models: ladder.models, tokens: tokens,
      learningRates: try Self.learningRates(fields, optimizers ?? []))
    if let value = fields["learning_rate_by_role"] {
      learningRateByRole = try value.learningRatesByRole()
    }
    if let optimizers { take(optimizers) }
    if let value = fields["predict_tokens"] {
      predictedTokens = try value.ascendingWholeNumbers()
    }
    if let value = fields["batch_tokens"] { batchTokens = try value.ascendingWholeNumbers() }
    if let value = fields["seeds"] { seeds = try value.ascendingWholeNumbers(from: 0) }
    if let value = fields["runs"] {
      var runs: [ChosenRun] = []
      for run in try value.list() { runs.append(try ChosenRun(run)) }
      chosenRuns = runs
    }
    if let value = fields["schedule"] { schedules = try ScheduleEntry.all(value) }
    chosenRuns = chosenRuns?.map { $0.withoutOnlyPlaces(in: self) }
    if let value = fields["batch_ramp"] { batchRamp = try BatchRamp(value) }
    if let value = fields["z_loss"] {
      zLoss = try value.number("a number, 0 or above") { $0 >= 0 }
    }
    if let value = fields["parametrization"] { parametrization = try value.nameOfParametrization() }
    if let value = fields["validation"] { try validation.read(value) }
    if let value = fields["checkpoint"] { try checkpoint.read(value) }
    if let value = fields["telemetry"] { telemetry = try RunDescription.Telemetry?(value) }
    if let value = fields["hold_out"] { holdOut = try HoldOut(value, shared: ladder.shared) }
    if let value = fields["target"] { target = try Target(value) }
    if let value = fields["budget"] { budget = try Budget(value) }
    if let value = fields["trainer"] { trainer = try Trainer(value) }
    do {
      try checkConsistency()
    } catch {
      throw .conflict(error, in: fields)
    }
  }

  /// The study's own rates, which rules that all have theirs do not need.
  private static func learningRates(
    _ fields: YAMLFields, _ optimizers: [OptimizerEntry]
  ) throws(DescriptionError) -> LearningRates {
    let own = optimizers.compactMap(\.learningRates)
    if fields["learning_rates"] == nil, let first = own.first, own.count == optimizers.count {
      return first
    }
    return try LearningRates(fields.required("learning_rates"))
  }

  package init(contentsOfFile path: String) throws(DescriptionError) {
    try self.init(yaml: try YAMLValue.text(ofFile: path), file: path)
  }
}

/// The models of a study, and the fields that they share.
private struct Ladder {
  let shared: ModelFields
  let models: [ModelDescription]

  init(_ value: YAMLValue, corpus: CorpusDescription) throws(DescriptionError) {
    let fields = try YAMLFields(value, known: ModelFields.keys + ["sizes"])
    let shared = try ModelFields(fields).filled(for: corpus)
    var models: [ModelDescription] = []
    for size in try fields.required("sizes").list() {
      let own = try ModelFields(try YAMLFields(size, known: ModelFields.keys))
      let model = try ModelDescription(own.over(shared), at: size.place)
      guard !models.contains(model) else {
        throw .repeatedValue(size.place, key: "model.sizes", value: "a model")
      }
      models.append(model)
    }
    self.shared = shared
    self.models = models
  }
}

extension StudyDescription.HoldOut {
  fileprivate init(_ value: YAMLValue, shared: ModelFields) throws(DescriptionError) {
    let fields = try YAMLFields(value, known: CodingKeys.allCases.map(\.rawValue))
    let size = try fields.required("model")
    let own = try ModelFields(try YAMLFields(size, known: ModelFields.keys))
    model = try ModelDescription(own.over(shared), at: size.place)
    tokens = try fields.required("tokens").wholeNumber()
    factors = Self.usualFactors
    guard let value = fields["factors"] else { return }
    factors = try value.ascending { factor throws(DescriptionError) in
      try factor.positiveNumber()
    }
    guard factors.contains(1) else {
      throw value.wrong(expected: "a list of factors of the recommended rate, 1 among them")
    }
  }
}

extension StudyDescription.Target {
  fileprivate init(_ value: YAMLValue) throws(DescriptionError) {
    let fields = try YAMLFields(value, known: ["params", "tokens"])
    params = try fields.required("params").wholeNumber()
    tokens = try fields.required("tokens").wholeNumber()
  }
}

extension StudyDescription.Budget {
  fileprivate init(_ value: YAMLValue) throws(DescriptionError) {
    flops = try YAMLFields(value, known: ["flops"]).required("flops").positiveNumber()
  }
}

extension YAMLValue {
  fileprivate func ascendingWholeNumbers(from least: Int = 1) throws(DescriptionError) -> [Int] {
    try ascending { value throws(DescriptionError) in
      try value.wholeNumber(in: least...Self.wholeNumbers.upperBound)
    }
  }
}
