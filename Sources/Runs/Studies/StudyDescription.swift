/// What a study asks: which runs to train, on what, and what for.
///
/// The content of `study.yaml`, with what the file leaves out filled in. Lists of numbers ascend. As
/// JSON or YAML it is a complete study file, and it is read back under the same rules.
package struct StudyDescription: Hashable, Sendable {
  /// The version of the file format that is read.
  package static let version = 1

  package var corpus: CorpusDescription
  /// The models to sweep, in the file's order.
  package var models: [ModelDescription]
  /// The horizons that each model is annealed at.
  package var tokens: [Int]
  /// Further horizons, of which the loss is predicted from those in `tokens`.
  package var predictedTokens: [Int] = []
  package var learningRates: LearningRates
  /// The tokens in one step.
  package var batchTokens: [Int]
  package var seeds: [Int]
  /// The runs of the grid that are wanted, at every seed; all of them without it.
  package var chosenRuns: [ChosenRun]?
  /// Each is swept under each of `schedules`; one of both unless the file lists rivals.
  package var optimizers: [OptimizerEntry]
  package var schedules: [ScheduleEntry]
  /// What the learning rate is multiplied by for the parameters of a role, or of a name.
  package var learningRateByRole: [String: Double] = [:]
  /// The weight in the loss of the squared logarithm of the softmax's partition function.
  package var zLoss = 0.0
  /// How the batch of every run comes to its size, where horizons share no trunk.
  package var batchRamp: BatchRamp?
  /// Held-out loss along every run of the sweep.
  package var validation: RunDescription.Validation
  package var checkpoint: RunDescription.Checkpoint
  /// When the weights of every run are looked at; `nil` never.
  package var telemetry: RunDescription.Telemetry? = Self.usualTelemetry
  /// The name of the parametrization; which names there are is not for a study to know.
  package var parametrization: String
  /// The run that tests the law and is no part of its fit.
  package var holdOut: HoldOut?
  package var target: Target?
  package var budget: Budget?
  package var trainer: Trainer

  package init(
    corpus: CorpusDescription, models: [ModelDescription], tokens: [Int],
    learningRates: LearningRates,
    batchTokens: [Int] = [8192], seeds: [Int] = [0],
    schedule: ScheduleDescription = ScheduleDescription(), sharesTrunk: Bool = true,
    optimizer: OptimizerDescription = OptimizerDescription(), parametrization: String = "standard",
    holdOut: HoldOut? = nil, target: Target? = nil, budget: Budget? = nil,
    trainer: Trainer = .builtin
  ) {
    self.corpus = corpus
    self.models = models
    self.tokens = tokens
    self.learningRates = learningRates
    self.batchTokens = batchTokens
    self.seeds = seeds
    schedules = [ScheduleEntry(schedule, sharesTrunk: sharesTrunk)]
    optimizers = [OptimizerEntry(optimizer)]
    self.parametrization = parametrization
    self.holdOut = holdOut
    self.target = target
    self.budget = budget
    self.trainer = trainer
    let tenth = max((tokens.max() ?? 1) / 10, 1)
    // No share of the horizons: with longer ones added, the runs that are there stay what they are.
    validation = RunDescription.Validation(every: 1_000_000)
    checkpoint = RunDescription.Checkpoint(every: tenth)
  }
}

extension StudyDescription {
  /// No share of the horizons, so that one horizon more leaves the others' as they are.
  package static let usualTelemetry = RunDescription.Telemetry(every: 1_000_000)

  /// A run that is kept out of the fit.
  package struct HoldOut: Hashable, Codable, Sendable {
    package var model: ModelDescription
    package var tokens: Int
    /// The learning rates to train at, over the one that the law recommends; 1 is among them.
    package var factors: [Double]

    package static let usualFactors = [0.25, 0.5, 1, 2, 4]

    package init(model: ModelDescription, tokens: Int, factors: [Double] = Self.usualFactors) {
      self.model = model
      self.tokens = tokens
      self.factors = factors
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
      case model, tokens, factors
    }
  }

  /// The run that the study is made for.
  package struct Target: Hashable, Codable, Sendable {
    package var params: Int
    package var tokens: Int

    package init(params: Int, tokens: Int) {
      self.params = params
      self.tokens = tokens
    }
  }

  /// What the study may cost.
  package struct Budget: Hashable, Codable, Sendable {
    package var flops: Double

    package init(flops: Double) {
      self.flops = flops
    }
  }
}
