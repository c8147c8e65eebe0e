import Foundation
import ProxyModels
package import Runs
package import Training

/// The text of a study, opened once for all of its runs.
package struct StudyCorpora: Sendable {
  /// What two runs may differ in without having the same sequences.
  fileprivate struct Key: Hashable {
    var sequenceLength: Int
    var seed: Int
    var validationTokens: Int
  }

  private var opened: [Key: TrainingCorpus] = [:]
  /// Of the text that is trained on and the held-out one: equal for equal text.
  package let digest: String

  /// - Throws: When there is no such text, or it is no text, or too short, or not held out.
  package init(_ study: StudyDescription) throws {
    let runs = (study.models + [study.holdOut?.model].compactMap(\.self)).flatMap { model in
      study.seeds.map { study.anyRun(of: model, seed: $0) }
    }
    var facts: RunManifest.CorpusFacts?
    for run in runs where opened[Key(run)] == nil {
      let corpus = try TrainingCorpus(run, relativeTo: Self.root)
      opened[Key(run)] = corpus
      facts = facts ?? corpus.facts
    }
    digest = facts.map { study.corpus.digest($0) + " " + $0.validationDigest } ?? ""
  }

  /// Paths of a study are absolute by the time it is planned.
  static let root = URL(fileURLWithPath: "/")

  /// The run's text.
  package func corpus(of run: RunDescription) throws -> TrainingCorpus {
    try opened[Key(run)] ?? TrainingCorpus(run, relativeTo: Self.root)
  }

  /// Throws whatever would keep the run from being trained.
  func check(_ run: RunDescription) throws {
    _ = try TrainingRun(run, relativeTo: Self.root, corpus: corpus(of: run))
  }

  /// The run with what it is called and what it takes.
  func plan(
    _ run: RunDescription, as role: StudyRun.Role, of trunk: String? = nil, at step: Int? = nil
  ) throws -> PlannedRun {
    let model = try proxyModel(for: run.model)
    let part: RunManifest.Part
    if let trunk, let step {
      part = .branch(trunk: trunk, step: step)
    } else {
      part = role == .trunk ? .trunk : .whole
    }
    return PlannedRun(
      id: try RunManifest.id(
        of: run, part: part, corpus: corpus(of: run).facts,
        engineVersion: TrainingRun.engineVersion(for: run.optimizer)),
      role: role, description: run, trunk: trunk, branchStep: step,
      paramsTotal: model.parameterCount, paramsNonEmbedding: model.nonEmbeddingParameterCount,
      operationsPerToken: model.trainingOperationsPerToken)
  }
}

extension StudyDescription {
  /// A run that reads the text as all of its model and seed do.
  fileprivate func anyRun(of model: ModelDescription, seed: Int) -> RunDescription {
    run(
      StudyPlan.Settings(
        model: model, batchTokens: batchTokens[0], seed: seed, learningRate: 1), tokens: tokens[0])
  }
}

extension StudyCorpora.Key {
  fileprivate init(_ run: RunDescription) {
    self.init(
      sequenceLength: run.model.sequenceLength, seed: run.seed,
      validationTokens: run.validation.tokens)
  }
}
