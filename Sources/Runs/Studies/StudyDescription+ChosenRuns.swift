extension StudyDescription {
  /// One run of a study's grid.
  package struct ChosenRun: Hashable, Codable, Sendable {
    /// The place of its model among `model.sizes`, from 1.
    package var size: Int
    package var tokens: Int
    package var batchTokens: Int
    package var learningRate: Double
    /// The places of its optimizer and of its schedule in the study's lists, from 1; `nil` where the
    /// study has one.
    package var optimizer: Int?
    package var schedule: Int?

    package init(
      size: Int, tokens: Int, batchTokens: Int, learningRate: Double, optimizer: Int? = nil,
      schedule: Int? = nil
    ) {
      self.size = size
      self.tokens = tokens
      self.batchTokens = batchTokens
      self.learningRate = learningRate
      self.optimizer = optimizer
      self.schedule = schedule
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
      case size, tokens, optimizer, schedule
      case batchTokens = "batch_tokens"
      case learningRate = "learning_rate"
    }

    /// The run without the place in a list of one.
    func withoutOnlyPlaces(in study: StudyDescription) -> Self {
      var run = self
      if optimizer == 1, study.optimizers.count == 1 { run.optimizer = nil }
      if schedule == 1, study.schedules.count == 1 { run.schedule = nil }
      return run
    }

    /// Learning rates that differ by less are one, however they were written.
    private static let tolerance = 1e-6

    /// Whether `rate` is this run's.
    package func isAt(_ rate: Double) -> Bool {
      abs(rate / learningRate - 1) < Self.tolerance
    }
  }

  /// Every run of the grid, chosen or not.
  package var gridRuns: [ChosenRun] {
    models.indices.flatMap { size in
      batchTokens.flatMap { batch in
        variants.flatMap { variant in
          learningRates(of: variant).values.flatMap { rate in
            tokens.map {
              ChosenRun(
                size: size + 1, tokens: $0, batchTokens: batch, learningRate: rate,
                optimizer: optimizers.count > 1 ? variant.optimizer : nil,
                schedule: schedules.count > 1 ? variant.schedule : nil)
            }
          }
        }
      }
    }
  }

  /// The horizons wanted of a model at a batch size and learning rate, by one variant.
  package func horizons(
    ofSize size: Int, batchTokens: Int, learningRate: Double,
    by variant: Variant = Variant(optimizer: 1, schedule: 1)
  ) -> [Int] {
    guard let chosenRuns else { return tokens }
    let wanted = Set(
      chosenRuns.filter {
        $0.size == size && $0.batchTokens == batchTokens && $0.isAt(learningRate)
          && isOf($0, variant)
      }.map(\.tokens))
    return tokens.filter(wanted.contains)
  }

  /// Whether a chosen run is one of `variant`.
  func isOf(_ run: ChosenRun, _ variant: Variant) -> Bool {
    (run.optimizer ?? 1) == variant.optimizer && (run.schedule ?? 1) == variant.schedule
  }

  /// Refuses a chosen run that is not in the grid, or that does not say which variant it is of.
  func check(_ run: ChosenRun) throws(DescriptionConflict) {
    if run.optimizer == nil, optimizers.count > 1 {
      throw .variantMissing(key: "optimizer", count: optimizers.count)
    }
    if run.schedule == nil, schedules.count > 1 {
      throw .variantMissing(key: "schedule", count: schedules.count)
    }
    let variant = variants.first { isOf(run, $0) }
    let isInGrid =
      models.indices.contains(run.size - 1) && tokens.contains(run.tokens)
      && batchTokens.contains(run.batchTokens)
      && variant.map { learningRates(of: $0).values.contains(where: run.isAt) } == true
    guard isInGrid else { throw .runOutsideGrid(run) }
  }
}

extension StudyDescription.ChosenRun {
  init(_ value: YAMLValue) throws(DescriptionError) {
    let fields = try YAMLFields(value, known: CodingKeys.allCases.map(\.rawValue))
    size = try fields.required("size").wholeNumber()
    tokens = try fields.required("tokens").wholeNumber()
    batchTokens = try fields.required("batch_tokens").wholeNumber()
    learningRate = try fields.required("learning_rate").positiveNumber()
    optimizer = try fields["optimizer"]?.wholeNumber()
    schedule = try fields["schedule"]?.wholeNumber()
  }
}
