package import Runs
package import ScalingLaws

/// What the runs of a sweep say, as far as they have ended.
package struct StudyAnalysis: Sendable {
  /// The annealed runs, those that diverged too.
  package let measured: [RunRecord]
  /// `nil` where no trunk has horizons enough.
  package let horizons: HorizonSearch?
  package let law: LearningRateLaw

  /// - Parameters:
  ///   - name: What the law calls its source.
  ///   - measured: The annealed runs.
  ///   - study: What was asked.
  ///   - paramsKind: Which count of parameters the law is fitted on.
  ///   - options: Draws, confidence and seed.
  ///   - progress: Called now and then with the fraction done.
  /// - Throws: Why there is no law yet.
  package init(
    name: String, _ measured: [RunRecord], of study: StudyDescription,
    paramsKind: ParameterCountKind = .total, options: FitOptions = FitOptions(),
    progress: @escaping (Double) -> Void = { _ in }
  ) throws(FitError) {
    let measured = measured.map { $0.counting(paramsKind) }
    self.measured = measured
    let horizons = HorizonSearch(
      fitting: measured, predicting: study.predictedTokens.map(Double.init),
      confidence: options.confidence)
    self.horizons = horizons
    law = try LearningRateLaw(
      fitting: measured + (horizons?.predictedRecords(beside: measured) ?? []),
      from: LawSource(file: name, digest: try? Digest(ofJSON: measured.compactMap(\.id)).hex),
      options: options, progress: progress)
  }
}

extension RunRecord {
  /// The record with the parameters that a law is to be fitted on.
  package func counting(_ kind: ParameterCountKind) -> RunRecord {
    var record = self
    let count =
      switch kind {
      case .total, .unspecified: paramsTotal
      case .nonEmbedding: paramsNonEmbedding
      case .active: paramsActive
      }
    guard let count else { return self }
    record.params = count
    record.paramsKind = kind == .unspecified ? .total : kind
    return record
  }
}
