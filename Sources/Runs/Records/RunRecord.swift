/// What is known of one finished training run, or of one annealed branch of a longer one.
///
/// Importers fill it, fits read it. A field that the source does not give stays `nil`.
package struct RunRecord: Hashable, Codable, Sendable {
  package var id: String?
  package var source: RunSource?
  package var trainer: String?
  package var engineVersion: String?

  package var family: String?
  /// The parameter count that laws are fitted on; `paramsKind` says what it counts.
  package var params: Double
  package var paramsKind: ParameterCountKind = .unspecified
  package var paramsTotal: Double?
  package var paramsNonEmbedding: Double?
  package var paramsActive: Double?
  package var width: Int?
  package var layers: Int?
  package var heads: Int?
  package var kvHeads: Int?
  package var headWidth: Int?
  package var ffnWidth: Int?
  package var vocabulary: Int?
  package var tied: Bool?
  package var experts: Int?
  package var expertsActive: Int?
  package var sequenceLength: Int?

  /// Tokens in one optimizer step.
  package var batchTokens: Double?
  package var steps: Double?
  /// Tokens seen by the end of the run.
  package var tokens: Double
  /// Names the longer run that this one is a branch of.
  package var trunk: String?
  package var branchStep: Double?
  /// The peak of the schedule.
  package var learningRate: Double
  /// The peak rate of each parameter role, where they differ.
  package var learningRateByRole: [String: Double]?
  /// The size of one step in normalised weight space at the peak of the schedule.
  ///
  /// That is how far an update moves the weights, over their norm: `‖ŵ(t+1) − ŵ(t)‖` with `ŵ = w/‖w‖`,
  /// or the learning rate times the norm of the update over that of the weights (arXiv 2606.29158;
  /// 2608.24814 leaves out the norm of the update). How the trainer measures it, over which weights and
  /// which steps, is its own affair, but must be the same in all runs that are fitted together.
  package var effectiveLearningRate: Double?
  package var schedule = RecordedSchedule()
  package var weightDecay = RecordedWeightDecay()
  package var optimizer = RecordedOptimizer()
  package var parametrization: String?
  /// What keeps training from coming apart, such as `attention_softcap=50 z_loss=0.0001`; `none` for a run
  /// that has nothing of it.
  package var remedies: String?
  package var seed: String?

  package var corpus: String?
  package var corpusDigest: String?
  package var tokenizer: String?
  /// The final loss in the unit of `lossKind`; `nil` when the run diverged without a number.
  package var loss: Double?
  package var lossKind: String?
  package var lossStandardError: Double?
  /// Names the text that the loss was measured on: runs of one digest share its luck.
  package var evaluationDigest: String?
  /// The loss before the first step, in the unit of `loss`.
  package var initialLoss: Double?
  package var status: RunStatus = .finished
  /// The step at which the run was seen to diverge.
  package var divergedAt: Double?
  /// Whether the loss was not measured but follows from other horizons of the trunk.
  package var isPredicted: Bool {
    get { predicted ?? false }
    set { predicted = newValue ? true : nil }
  }
  /// Never `false`, so that measured runs are written as they were before there were predictions.
  private var predicted: Bool?

  /// Fewer parameters or tokens than this are no count: the number must be in another unit.
  package static let smallestCount = 10_000.0

  package init(params: Double, tokens: Double, learningRate: Double, loss: Double?) {
    self.params = params
    self.tokens = tokens
    self.learningRate = learningRate
    self.loss = loss
  }
}

extension RunRecord {
  /// Where the record was read, for messages: `on line 7`, or `in run.wandb`.
  package var placeInWords: String {
    if let line = source?.line { return "on line \(line)" }
    return "in \(source?.file ?? id ?? "a run without a name")"
  }
}

/// Where a record was read, so that a message can name the place.
package struct RunSource: Hashable, Codable, Sendable {
  package var file: String
  /// Of a table; `nil` where the whole file, or folder, tells of the run.
  package var line: Int?

  package init(file: String, line: Int? = nil) {
    self.file = file
    self.line = line
  }
}

/// What a parameter count counts; published laws differ in it, and so do people's tables.
package enum ParameterCountKind: String, CaseIterable, Codable, Sendable {
  case unspecified
  case total
  case nonEmbedding = "non-embedding"
  case active
}

/// How a run ended.
package enum RunStatus: String, CaseIterable, Codable, Sendable {
  case finished
  case diverged
  /// Still going, killed or crashed: its loss is not that of its horizon.
  case unfinished
}

/// The learning-rate schedule of a recorded run.
package struct RecordedSchedule: Hashable, Codable, Sendable {
  package var kind: String?
  /// Warm-up, in the unit of the source.
  package var warmup: Double?
  /// The fraction of the run in which the rate decays.
  package var decay: Double?
  /// The last rate over the peak.
  package var floor: Double?
  /// How the rate decays, such as `sqrt`.
  package var shape: String?
  /// What else tells the schedule from others, such as `exponent=-0.51 power_tokens=4000000`.
  package var settings: String?

  package init() {}
}

/// The weight decay of a recorded run, and what its number means.
package struct RecordedWeightDecay: Hashable, Codable, Sendable {
  package var value: Double?
  /// `decoupled` (shrink by learning rate times λ), `independent` (shrink by λ) or `coupled`.
  package var convention: String?

  package init(value: Double? = nil, convention: String? = nil) {
    self.value = value
    self.convention = convention
  }
}

/// The optimizer of a recorded run.
package struct RecordedOptimizer: Hashable, Codable, Sendable {
  package var name: String?
  package var beta1: Double?
  package var beta2: Double?
  package var epsilon: Double?
  package var clip: Double?

  package init() {}
}
