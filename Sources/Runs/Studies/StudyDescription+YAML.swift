extension StudyDescription {
  /// Reads a study file's text; `file` is what errors call it.
  package init(yaml text: String, file: String) throws(DescriptionError) {
    let top = try YAMLValue(parsing: text, file: file)
    try Self.checkVersion(of: top)
    let fields = try YAMLFields(
      top,
      known: [
        "version", "corpus", "model", "tokens", "learning_rates", "batch_tokens", "seeds",
        "schedule", "optimizer", "parametrization", "hold_out", "target", "budget", "trainer",
      ])
    _ = try fields.required("version")
    let corpus = try Corpus(fields.required("corpus"))
    let ladder = try Ladder(fields.required("model"), vocabulary: corpus.vocabulary)
    self.init(
      corpus: corpus, models: ladder.models,
      tokens: try fields.required("tokens").ascendingWholeNumbers(),
      learningRates: try LearningRates(fields.required("learning_rates")))
    if let value = fields["batch_tokens"] { batchTokens = try value.ascendingWholeNumbers() }
    if let value = fields["seeds"] { seeds = try value.ascendingWholeNumbers(from: 0) }
    if let value = fields["schedule"] { schedule = try Schedule(value) }
    if let value = fields["optimizer"] { optimizer = try Optimizer(value) }
    if let value = fields["parametrization"] {
      parametrization = try YAMLFields(value, known: ["name"]).required("name").text()
    }
    if let value = fields["hold_out"] { holdOut = try HoldOut(value, shared: ladder.shared) }
    if let value = fields["target"] { target = try Target(value) }
    if let value = fields["budget"] { budget = try Budget(value) }
    if let value = fields["trainer"] { trainer = try Trainer(value) }
    do {
      try checkConsistency()
    } catch {
      throw .conflict((error.keys.lazy.compactMap { fields[$0] }.first ?? top).place, error)
    }
  }

  package init(contentsOfFile path: String) throws(DescriptionError) {
    try self.init(yaml: try YAMLValue.text(ofFile: path), file: path)
  }

  /// Refuses another version first: its keys may be unknown to this one.
  private static func checkVersion(of top: YAMLValue) throws(DescriptionError) {
    for (key, value) in try top.entries() where try key.text() == "version" {
      let found = try value.text()
      guard found == "\(version)" else { throw .unsupportedVersion(value.place, found: found) }
    }
  }
}

/// The models of a study, and the fields that they share.
private struct Ladder {
  let shared: ModelFields
  let models: [ModelDescription]

  /// A model that does not say its vocabulary has that of the corpus.
  init(_ value: YAMLValue, vocabulary: Int) throws(DescriptionError) {
    let fields = try YAMLFields(value, known: ModelFields.keys + ["sizes"])
    var shared = try ModelFields(fields)
    shared.vocabulary = shared.vocabulary ?? vocabulary
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
    let fields = try YAMLFields(value, known: ["model", "tokens"])
    let size = try fields.required("model")
    let own = try ModelFields(try YAMLFields(size, known: ModelFields.keys))
    model = try ModelDescription(own.over(shared), at: size.place)
    tokens = try fields.required("tokens").wholeNumber()
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
