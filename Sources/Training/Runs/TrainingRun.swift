package import Foundation
import Optimizers
import Parametrizations
import ProxyModels
package import Runs
import Tensors

/// A run with everything it needs opened and checked: its text, its settings, its memory.
package struct TrainingRun: Sendable {
  /// What changes the result of a run: equal versions give equal curves.
  ///
  /// Rules count their own changes, so that runs of the others stay what they are.
  package static func engineVersion(for optimizer: OptimizerDescription) -> String {
    let version = (try? OptimizerCatalog.kind(optimizer.name))?.version ?? 1
    return version == 1 ? engine : "\(engine), \(optimizer.name) \(version)"
  }

  private static let engine = "1"

  package let manifest: RunManifest
  package let plan: TrainingPlan
  let corpus: TrainingCorpus
  let engine: Engine
  let recorded: RecordedModel
  /// Where a branch finds its trunk.
  let trunkFolder: RunFolder?
  /// Whether the schedule decays under a rule for which that does not do what it does for others.
  let decaysInVain: Bool
  /// The steps of a trunk at which it is saved for branches.
  let branchSteps: Set<Int>

  /// How much of a training is done, with what that takes.
  package enum Part: Sendable {
    case whole
    /// The peak alone, saved and kept at these steps.
    case trunk(branchSteps: Set<Int>)
    /// From `step` of the trunk in a folder, which has come that far or was lost before.
    case branch(trunk: String, folder: RunFolder, step: Int)
  }

  /// - Parameters:
  ///   - description: The run.
  ///   - folder: What relative paths are relative to.
  ///   - part: How much of it is done here.
  ///   - opened: The run's text where it is open already.
  /// - Throws: Whatever would keep the run from being trained, before anything is written.
  package init(
    _ description: RunDescription, relativeTo folder: URL, part: Part = .whole,
    corpus opened: TrainingCorpus? = nil
  ) throws {
    let model = try proxyModel(for: description.model)
    try MemoryEstimate(atLeastFor: description.model).check()
    let settings = try ModelSettings(of: description, model)
    engine = try Engine()
    corpus = try opened ?? TrainingCorpus(description, relativeTo: folder)
    switch part {
    case .whole: (trunkFolder, branchSteps) = (nil, [])
    case .trunk(let steps): (trunkFolder, branchSteps) = (nil, steps)
    case .branch(_, let folder, _): (trunkFolder, branchSteps) = (folder, [])
    }
    let kind = try OptimizerCatalog.kind(description.optimizer.name)
    try kind.checkLoss(of: description)
    plan = TrainingPlan(
      description, model, settings, try kind.optimizer(description.optimizer), corpus)
    decaysInVain = kind.wantsNoDecay && plan.schedule.decays
    recorded = plan.recorded
    try plan.checkSettings()
    guard !plan.optimizer.judgesElsewhere || plan.merge == nil else {
      throw TrainingError.mergesAverages(optimizer: description.optimizer.name)
    }
    let judged = plan.optimizer.judgesElsewhere ? 1 : plan.merge == nil ? 0 : 2
    let copies = judged + (description.telemetry == nil ? 0 : 1)
    let memory = MemoryEstimate(
      recorded,
      optimizerScalars: try OptimizerMemory.count(plan.optimizer, of: model.parameters)
        + plan.optimizer.mostScratchScalars(of: model.parameters)
        + copies * recorded.tape.parameterCount,
      engine)
    try memory.check()
    manifest = RunManifest(
      id: try RunManifest.id(
        of: description, part: part.recorded, corpus: corpus.facts,
        engineVersion: Self.engineVersion(for: description.optimizer)),
      description: description.resolvingPaths(in: folder.path),
      paramsTotal: model.parameterCount, paramsNonEmbedding: model.nonEmbeddingParameterCount,
      engineVersion: Self.engineVersion(for: description.optimizer),
      machine: RunManifest.Machine(
        instructionSet: engine.instructionSet, matrixLibrary: engine.matrixLibrary),
      corpus: corpus.facts, memoryBytes: memory.bytes, part: part.recorded)
  }
}

extension TrainingRun.Part {
  /// The part as the run's folder tells it.
  package var recorded: RunManifest.Part {
    switch self {
    case .whole: .whole
    case .trunk: .trunk
    case .branch(let trunk, _, let step): .branch(trunk: trunk, step: step)
    }
  }
}

extension TrainingPlan {
  fileprivate init(
    _ description: RunDescription, _ model: any ProxyModel, _ settings: ModelSettings,
    _ optimizer: any Optimizer, _ corpus: TrainingCorpus
  ) {
    self.init(
      model: model, settings: settings, optimizer: optimizer,
      shrinksWeights: description.optimizer.decayConvention != .coupled,
      clip: description.optimizer.clip,
      schedule: LearningRateSchedule(
        description.schedule, horizon: description.trainedTokens),
      learningRate: description.learningRate, zWeight: description.zLoss,
      seed: UInt64(description.seed), steps: description.steps,
      batches: description.batches,
      training: corpus.training, validation: corpus.validation,
      validationSequences: corpus.validationSequences)
  }
}

extension OptimizerKind {
  /// Refuses a loss whose gradients are not those that the rule gets, where it takes both.
  fileprivate func checkLoss(of description: RunDescription) throws(TrainingError) {
    guard needsPlainLoss, description.zLoss != 0 else { return }
    throw .needsPlainLoss(optimizer: name)
  }
}

extension Optimizer {
  fileprivate func mostScratchScalars(of specs: ParameterTree<ParameterSpec>) -> Int {
    specs.leaves.map { scratchScalars(of: $0) }.max() ?? 0
  }
}

extension TrainingPlan {
  /// Refuses settings with which the optimizer cannot work.
  fileprivate func checkSettings() throws(OptimizerError) {
    for (place, spec) in model.parameters.leaves.enumerated() {
      try optimizer.check(
        settings.parameters.leaves[place], of: spec,
        path: model.parameters.paths[place].description)
    }
  }
}
