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
  /// The tokens in one step.
  package var batchTokens = 8192
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
}

extension RunDescription {
  /// The steps of the run, numbered from 1: `tokens` over `batchTokens`, to the nearest, at least 1.
  package var steps: Int {
    max(1, tokens / batchTokens + (2 * (tokens % batchTokens) >= batchTokens ? 1 : 0))
  }

  /// The sequences in one step.
  package var batchSequences: Int { batchTokens / model.sequenceLength }

  /// Whether what is done `every` so many tokens is due after `step`: when the run has passed
  /// another multiple of that, and at its end.
  package func isDue(every tokens: Int, after step: Int) -> Bool {
    step == steps || step * batchTokens / tokens > (step - 1) * batchTokens / tokens
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
    guard validation.tokens >= model.sequenceLength else {
      throw .validationTooShort(tokens: validation.tokens, sequenceLength: model.sequenceLength)
    }
  }
}
