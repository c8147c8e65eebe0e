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
    runs = try store.plannedRuns()
    work = try store.work()
    let swept = runs.map(\.run).filter { $0.role != .heldOut }
    prediction = try store.prediction(for: StudyPlan.heldOutDigest(study, swept))
  }

  private var sweepRuns: [StoredRun] { runs.filter { $0.run.role != .heldOut } }

  /// The annealed runs of the sweep that have ended.
  package var records: [RunRecord] { sweepRuns.compactMap(\.record) }

  package var cost: StudyCost {
    func spent(_ runs: [StoredRun]) -> Double {
      runs.reduce(0) { $0 + $1.run.operations(upTo: $1.step) }
    }
    let horizons = study.tokens + study.predictedTokens
    // A trunk, or where there is none the first horizon, stands for its series.
    let series = sweepRuns.filter { stored in
      stored.run.role == .trunk
        || (stored.run.role == .whole && stored.run.description.tokens == study.tokens.first)
    }
    return StudyCost(
      spent: spent(sweepRuns), planned: sweepRuns.reduce(0) { $0 + $1.run.operations },
      fullGrid: series.reduce(0) { sum, stored in
        sum + stored.run.operationsPerToken * Double(horizons.reduce(0, +))
      },
      heldOut: spent(runs.filter { $0.run.role == .heldOut }))
  }

  /// Everything that a report shows.
  ///
  /// - Parameter analysis: What the runs say, if they say enough.
  /// - Returns: The study with the curves of all its runs.
  /// - Throws: When a log cannot be read.
  package func findings(_ analysis: StudyAnalysis?) throws -> StudyFindings {
    var heldOut: HeldOutTest?
    if let prediction, let analysis {
      heldOut = HeldOutTest(
        prediction, runs.filter { $0.run.role == .heldOut }, law: analysis.law)
    }
    return StudyFindings(
      name: folder.url.lastPathComponent, study: study, runs: try runs.map(run), cost: cost,
      horizons: analysis?.horizons, heldOut: heldOut)
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
      case .checkpoint, .end: break
      }
    }
    return StudyRun(
      id: run.id, role: run.role, trunk: run.trunk,
      branchTokens: run.branchStep.map { $0 * description.batchTokens },
      params: Double(run.paramsTotal), learningRate: description.learningRate,
      tokens: description.tokens, batchTokens: description.batchTokens, seed: description.seed,
      state: stored.state, loss: stored.record?.loss,
      lossStandardError: stored.record?.lossStandardError, validation: validation,
      training: training.thinned(to: 300))
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
