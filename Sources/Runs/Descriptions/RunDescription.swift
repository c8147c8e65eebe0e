/// One training run: what is trained, on what, how long and how.
///
/// The content of a run description file, with what the file leaves out filled in. As JSON it is a
/// complete description file, and it is read back under the same rules.
package struct RunDescription: Hashable, Sendable {
  /// The version of the file format that is read.
  package static let version = 1

  package var corpus: CorpusDescription
  package var model: ModelDescription
  /// How long to train; what is trained is the nearest whole number of `steps`.
  package var tokens: Int
  /// The peak of the schedule.
  package var learningRate: Double
  /// What `learningRate` is multiplied by for some parameters, named by role or by the last name of
  /// their path.
  package var learningRateByRole: [String: Double] = [:]
  /// The tokens in one step.
  package var batchTokens = 8192
  /// How the batch comes to `batchTokens`; it is that from the first step without it.
  package var batchRamp: BatchRamp?
  package var seed = 0
  package var schedule = ScheduleDescription()
  package var optimizer = OptimizerDescription()
  /// The weight in the loss of the squared logarithm of the softmax's partition function.
  ///
  /// Chowdhery et al. 2022 (PaLM, arXiv 2204.02311), section 5, use 1e-4.
  package var zLoss = 0.0
  /// The name of the parametrization; which names there are is not for a description to know.
  package var parametrization = "standard"
  package var validation: Validation
  package var checkpoint: Checkpoint
  /// When the weights are looked at; `nil` never.
  package var telemetry: Telemetry?

  /// A run with the defaults of a description file, where it is validated ten times on its way.
  package init(
    corpus: CorpusDescription, model: ModelDescription, tokens: Int, learningRate: Double
  ) {
    self.corpus = corpus
    self.model = model
    self.tokens = tokens
    self.learningRate = learningRate
    let tenth = max(tokens / 10, 1)
    validation = Validation(every: tenth)
    validation.tokens = max(validation.tokens, model.sequenceLength)
    checkpoint = Checkpoint(every: tenth)
    telemetry = Self.usualTelemetry(tokens: tokens)
  }

  /// What a run of so many tokens has where its file says nothing: forty looks, or fewer where they
  /// would be so near that looking takes a share of the time.
  static func usualTelemetry(tokens: Int) -> Telemetry {
    Telemetry(every: max(tokens / 40, 16_384))
  }

  /// Held-out loss along the run.
  package struct Validation: Hashable, Codable, Sendable {
    /// How much held-out text is read each time.
    package var tokens = 262_144
    /// The tokens trained from one time to the next.
    package var every: Int

    package init(every: Int) { self.every = every }
  }

  /// How much work a crash may cost.
  package struct Checkpoint: Hashable, Codable, Sendable {
    /// The tokens trained from one checkpoint to the next.
    package var every: Int

    package init(every: Int) { self.every = every }
  }

  /// How often the weights are looked at; the first steps, doubling, always are.
  package struct Telemetry: Hashable, Codable, Sendable {
    /// The tokens trained from one time to the next.
    package var every: Int

    package init(every: Int) { self.every = every }
  }
}

extension RunDescription {
  /// The steps of the run, numbered from 1: as many as come nearest to `tokens`, at least 1.
  package var steps: Int { batches.steps(for: tokens) }

  /// The tokens of every step.
  package var batches: BatchStages { BatchStages(batchTokens: batchTokens, ramp: batchRamp) }

  /// What is trained: the tokens of `steps` steps.
  package var trainedTokens: Int { batches.tokens(after: steps) }

  /// Whether what is done `every` so many tokens is due after `step`: when the run has passed
  /// another multiple of that, and at its end.
  package func isDue(every tokens: Int, after step: Int) -> Bool {
    step == steps
      || batches.tokens(after: step) / tokens > batches.tokens(after: step - 1) / tokens
  }

  /// Whether the weights are looked at in `step`: the 1st, 2nd, 4th, 8th and so on until they are as far
  /// apart as `telemetry.every`, then every so many tokens, and at the end.
  package func isTelemetryDue(in step: Int) -> Bool {
    guard let telemetry else { return false }
    let isDoubling = step.nonzeroBitCount == 1 && batches.tokens(after: step / 2) < telemetry.every
    return isDoubling || isDue(every: telemetry.every, after: step)
  }

  /// The run with absolute paths, where relative ones begin at `folder`, that of its file.
  package func resolvingPaths(in folder: String) -> RunDescription {
    var run = self
    run.corpus = corpus.resolvingPaths(in: folder)
    return run
  }

  /// Refuses a run whose parts are at odds.
  package func checkConsistency() throws(DescriptionConflict) {
    guard batchTokens > 0, tokens >= batchTokens else {
      throw .shorterThanBatch(tokens: tokens, batchTokens: batchTokens)
    }
    try schedule.check(horizon: tokens)
    try model.check(batchTokens: batchTokens, corpus: corpus)
    try batchRamp?.check(
      batchTokens: batchTokens, horizon: tokens, sequenceLength: model.sequenceLength)
    guard validation.tokens >= model.sequenceLength else {
      throw .validationTooShort(tokens: validation.tokens, sequenceLength: model.sequenceLength)
    }
  }
}

extension RunDescription {
  /// What keeps training from coming apart, in the words of description files, or `none`.
  package var remedies: String {
    let words = [
      model.qkNorm ? "qk_norm" : nil,
      model.attentionSoftcap.map { "attention_softcap=\($0.plain)" },
      model.outputSoftcap.map { "output_softcap=\($0.plain)" },
      zLoss > 0 ? "z_loss=\(zLoss.plain)" : nil,
    ].compactMap(\.self)
    return words.isEmpty ? "none" : words.joined(separator: " ")
  }
}
