import Optimizers
package import Runs
import Training

extension RunRecord {
  /// What is known of a planned run that has ended.
  ///
  /// - Parameters:
  ///   - run: The run; a trunk has no record, as it ends at no horizon.
  ///   - corpus: What it was trained and measured on.
  ///   - end: How it ended.
  package init(_ run: PlannedRun, _ corpus: RunManifest.CorpusFacts, _ end: TrainingEvent.End) {
    let description = run.description
    self.init(
      params: Double(run.paramsTotal), tokens: Double(description.trainedTokens),
      learningRate: description.learningRate, loss: end.loss)
    paramsKind = .total
    id = run.id
    trainer = "vernier"
    engineVersion = TrainingRun.engineVersion(for: description.optimizer)
    paramsTotal = Double(run.paramsTotal)
    paramsNonEmbedding = Double(run.paramsNonEmbedding)
    paramsActive = Double(run.paramsTotal)
    fill(from: description.model)
    batchTokens = Double(description.batchTokens)
    steps = Double(description.steps)
    // Runs from their start are experiments of their own, and are called so.
    trunk = run.trunk ?? run.id
    branchStep = run.branchStep.map(Double.init)
    fillRecipe(from: description)
    weightDecay = RecordedWeightDecay(
      value: description.optimizer.weightDecay,
      convention: description.optimizer.decayConvention.rawValue)
    let common = (try? OptimizerCatalog.kind(description.optimizer.name))?.common ?? []
    if common.contains(.betas) {
      optimizer.beta1 = description.optimizer.betas.first
      optimizer.beta2 = description.optimizer.betas.last
    }
    if common.contains(.epsilon) { optimizer.epsilon = description.optimizer.epsilon }
    optimizer.clip = description.optimizer.clip
    parametrization = description.parametrization
    seed = "\(description.seed)"
    self.corpus = description.corpus.name
    corpusDigest = description.corpus.digest(corpus)
    evaluationDigest = "\(corpus.validationDigest) \(description.validation.tokens)"
    tokenizer = description.corpus.tokenizer
    lossKind = "validation"
    lossStandardError = end.lossStandardError
    status = end.status
    divergedAt = end.divergedAt.map(Double.init)
  }

  /// What tells schedules and rules apart, which earlier versions did not all write down.
  mutating func fillRecipe(from description: RunDescription) {
    schedule = RecordedSchedule(description.schedule, ramp: description.batchRamp)
    remedies = description.remedies
    optimizer.name = description.optimizer.title
    learningRateByRole =
      description.learningRateByRole.isEmpty
      ? nil : description.learningRateByRole.mapValues { $0 * description.learningRate }
  }

  private mutating func fill(from model: ModelDescription) {
    family = model.family.rawValue
    width = model.width
    layers = model.layers
    heads = model.heads
    kvHeads = model.kvHeads
    headWidth = model.headWidth
    ffnWidth = model.ffnWidth
    vocabulary = model.vocabulary
    tied = model.tied
    sequenceLength = model.sequenceLength
  }
}

extension CorpusDescription {
  /// Equal for text of one kind; a made-up language is one, however much of it a seed reads.
  func digest(_ facts: RunManifest.CorpusFacts) -> String {
    switch self {
    case .bytes, .bin: facts.digest
    case .synthetic(let seed, let vocabulary): "synthetic \(seed) \(vocabulary)"
    }
  }

  fileprivate var name: String {
    switch self {
    case .bytes(let path, _), .bin(let path, _, _):
      path.split(separator: "/").last.map(String.init) ?? path
    case .synthetic: "synthetic"
    }
  }

  fileprivate var tokenizer: String {
    switch self {
    case .bytes: "bytes"
    case .bin: "given"
    case .synthetic: "symbols"
    }
  }
}
