import Foundation
package import Runs
package import ScalingLaws

/// A study as its folder has it.
package struct StudyReading: Sendable {
  package let folder: StudyFolder
  package let study: StudyDescription
  /// In the order of the plan, then those of the hold-out.
  package let runs: [StoredRun]
  package let prediction: HeldOutPrediction?
  package let work: StudyWork

  /// - Throws: When there is no study, or its store cannot be read.
  package init(_ folder: StudyFolder) throws {
    self.folder = folder
    guard FileManager.default.fileExists(atPath: folder.storeURL.path) else {
      throw StudyFolder.isStudy(folder.url)
        ? StudyError.nothingTrained(folder: folder.url.relativePath, runs: nil)
        : StudyError.noStudy(folder: folder.url.relativePath)
    }
    let store = try StudyStore(reading: folder.storeURL)
    guard let study = try store.study()?.description else {
      throw StudyError.noStudy(folder: folder.url.relativePath)
    }
    self.study = study
    runs = try store.plannedRuns().map(\.withWholeRecipe)
    work = try store.work()
    let swept = runs.map(\.run).filter { $0.role != .heldOut }
    prediction = try store.prediction(for: StudyPlan.heldOutDigest(study, swept))
  }

  /// A part of what another reading has.
  init(_ whole: StudyReading, study: StudyDescription, runs: [StoredRun]) {
    folder = whole.folder
    self.study = study
    self.runs = runs
    prediction = whole.prediction
    work = whole.work
  }

  private var sweepRuns: [StoredRun] { runs.filter { $0.run.role != .heldOut } }

  /// The annealed runs of the sweep that have ended.
  package var records: [RunRecord] { sweepRuns.compactMap(\.record) }

  package var cost: StudyCost {
    func spent(_ runs: [StoredRun]) -> Double {
      runs.reduce(0) { $0 + $1.run.operations(upTo: $1.step) }
    }
    let horizons = study.tokens + study.predictedTokens
    // Runs that differ in their horizon alone are a series.
    let series = Dictionary(
      sweepRuns.filter { $0.run.role != .trunk }.map { ($0.run.series, $0) },
      uniquingKeysWith: { first, _ in first }
    ).values
    return StudyCost(
      spent: spent(sweepRuns), planned: sweepRuns.reduce(0) { $0 + $1.run.operations },
      fullGrid: series.map(\.run.operationsPerToken).sorted().reduce(0) { sum, operations in
        sum + operations * Double(horizons.reduce(0, +))
      },
      heldOut: spent(runs.filter { $0.run.role == .heldOut }))
  }

  /// Everything that a report shows.
  ///
  /// - Parameters:
  ///   - analysis: What the runs say, if they say enough.
  ///   - rivals: How the variants compare, where there are several.
  /// - Returns: The study with the curves of all its runs.
  /// - Throws: When a log cannot be read.
  package func findings(
    _ analysis: StudyAnalysis?, rivals: RivalComparison? = nil
  ) throws -> StudyFindings {
    var heldOut: HeldOutTest?
    if let prediction, let analysis {
      heldOut = HeldOutTest(
        prediction, runs.filter { $0.run.role == .heldOut }, law: analysis.law)
    }
    return StudyFindings(
      name: folder.url.lastPathComponent, study: study, runs: try runs.map(run), cost: cost,
      horizons: analysis?.horizons, heldOut: heldOut, rivals: rivals)
  }

  private func run(_ stored: StoredRun) throws -> StudyRun {
    let (run, description) = (stored.run, stored.run.description)
    let events = try folder.run(run.id).log.events()
    var validation: [StudyRun.CurvePoint] = []
    var training: [StudyRun.CurvePoint] = []
    for event in events {
      switch event.content {
      case .train(let train):
        train.loss.map { training.append(.init(tokens: event.tokens, loss: $0)) }
      case .validation(let measured):
        measured.loss.map { validation.append(.init(tokens: event.tokens, loss: $0)) }
      case .telemetry, .checkpoint, .end: break
      }
    }
    return StudyRun(
      id: run.id, role: run.role, trunk: run.trunk,
      branchTokens: run.branchStep.map(description.batches.tokens),
      params: Double(run.paramsTotal), learningRate: description.learningRate,
      tokens: description.tokens, batchTokens: description.batchTokens, seed: description.seed,
      state: stored.state, loss: stored.record?.loss,
      lossStandardError: stored.record?.lossStandardError, validation: validation,
      training: training.thinned(to: 300),
      variant: study.variants.count > 1 ? study.variant(of: description).map(study.number) : nil)
  }
}

extension PlannedRun {
  /// The run without its horizon.
  fileprivate var series: RunDescription {
    var series = description
    series.tokens = series.batchTokens
    return series
  }
}

extension StoredRun {
  /// The run with all that its record says of how it was trained, which earlier versions left out.
  fileprivate var withWholeRecipe: StoredRun {
    var copy = self
    copy.record?.fillRecipe(from: run.description)
    return copy
  }
}

extension [StudyRun.CurvePoint] {
  /// The means of even windows, at most `count` of them.
  fileprivate func thinned(to count: Int) -> [StudyRun.CurvePoint] {
    let length = (self.count + count - 1) / count
    guard length > 1 else { return self }
    return stride(from: 0, to: self.count, by: length).map { start in
      let window = self[start..<Swift.min(start + length, self.count)]
      return StudyRun.CurvePoint(
        tokens: window.reduce(0) { $0 + $1.tokens } / window.count,
        loss: window.reduce(0) { $0 + $1.loss } / Double(window.count))
    }
  }
}

extension StudyReading {
  /// What the runs say.
  ///
  /// - Throws: `StudyError.nothingTrained`, or why there is no law yet.
  package func analysis(
    paramsKind: ParameterCountKind = .total, options: FitOptions = FitOptions(),
    progress: @escaping (Double) -> Void = { _ in }
  ) throws -> StudyAnalysis {
    let records = records
    guard !records.isEmpty else {
      throw StudyError.nothingTrained(folder: folder.url.relativePath, runs: runs.count)
    }
    return try StudyAnalysis(
      name: folder.url.lastPathComponent, records, of: study, paramsKind: paramsKind,
      options: options, progress: progress)
  }
}
