import ProxyModels
package import Runs
package import ScalingLaws

/// The grid of a study as runs that a planner may choose among.
package struct StudyCandidates {
  /// One for each run of the grid, at one seed.
  package let candidates: [RunCandidate]
  private let study: StudyDescription
  private let runs: [StudyDescription.ChosenRun]

  /// - Parameters:
  ///   - study: What is asked.
  ///   - paramsKind: Which count of parameters the law is to be in.
  /// - Throws: For a model that cannot be built.
  package init(_ study: StudyDescription, paramsKind: ParameterCountKind) throws {
    guard study.variants.count == 1 else {
      throw StudyError.plansNoRivals(variants: study.variants.count)
    }
    self.study = study
    let models = try study.models.map { try proxyModel(for: $0) }
    runs = study.gridRuns
    candidates = runs.map { run in
      let model = models[run.size - 1]
      let params =
        paramsKind == .nonEmbedding ? model.nonEmbeddingParameterCount : model.parameterCount
      return RunCandidate(
        scale: RunScale(
          params: Double(params), tokens: Double(run.tokens), batchTokens: Double(run.batchTokens)),
        learningRate: run.learningRate,
        operations: model.trainingOperationsPerToken * Double(run.tokens))
    }
  }

  /// The study with those runs of its grid that were trained or are planned, and no others.
  package func study(of trained: [RunRecord], and planned: [RunCandidate]) -> StudyDescription {
    let wanted =
      trained.map {
        RunCandidate(
          scale: RunScale(params: $0.params, tokens: $0.tokens, batchTokens: $0.batchTokens),
          learningRate: $0.learningRate)
      } + planned
    var study = study
    study.chosenRuns = zip(runs, candidates).filter { _, candidate in
      wanted.contains { $0.isSame(as: candidate) }
    }.map(\.0)
    return study
  }
}
