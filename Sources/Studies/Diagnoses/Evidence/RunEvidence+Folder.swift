import Foundation
import Optimizers
package import Runs

extension RunEvidence {
  /// The run of a folder; a branch with the steps of its trunk where that lies beside it.
  ///
  /// - Throws: `.notBegun`, or what is wrong with the run's files.
  package init(_ folder: RunFolder) throws {
    let manifest = try folder.manifest()
    var trunk: [TrainingEvent] = []
    if case .branch(let id, _) = manifest.part {
      trunk = try RunFolder(folder.url.deletingLastPathComponent().appending(path: id)).log.events()
    }
    try self.init(folder, trunk: trunk)
  }

  /// - Parameters:
  ///   - folder: The run's.
  ///   - trunk: All events of the trunk that it branched from, if it did.
  /// - Throws: `.notBegun`, or what is wrong with the run's files.
  init(_ folder: RunFolder, trunk: [TrainingEvent]) throws {
    let manifest = try folder.manifest()
    var events = try folder.log.events()
    if case .branch(_, let step) = manifest.part {
      events = trunk.filter { $0.step <= step && !$0.isEnd } + events
    }
    try self.init(manifest, events, in: folder)
  }

  /// - Parameters:
  ///   - manifest: What the run is.
  ///   - events: Its log, oldest first, with that of its trunk before it.
  ///   - folder: Which errors name.
  /// - Throws: `.notBegun`.
  package init(
    _ manifest: RunManifest, _ events: [TrainingEvent], in folder: RunFolder
  ) throws {
    let run = manifest.description
    let schedule = LearningRateSchedule(run.schedule, horizon: run.trainedTokens)
    let batches = run.batches
    id = manifest.id
    params = Double(manifest.paramsTotal)
    tokens = Double(run.trainedTokens)
    batchTokens = Double(run.batchTokens)
    vocabulary = run.model.vocabulary
    sequenceLength = run.model.sequenceLength
    learningRate = run.learningRate
    seed = "\(run.seed)"
    rates = (1...run.steps).map { run.learningRate * schedule.factor(of: $0, in: batches) }
    knowsRates = true
    let settings = DecaySettings(run)
    weightDecay = settings.weightDecay
    matrices = settings.matrices
    description = run
    optimizer = run.optimizer.title
    self.schedule = run.schedule.kind.rawValue
    training = []
    looks = []
    for event in events {
      switch event.content {
      case .train(let train):
        training.append(
          Point(
            step: event.step, tokens: Double(event.tokens), loss: train.loss,
            gradientNorm: train.gradientNorm))
      case .validation(let measured):
        if event.step == 0 { initialLoss = measured.loss }
        finalLoss = measured.loss ?? finalLoss
      case .telemetry(let telemetry):
        looks.append(Look(step: event.step, tokens: event.tokens, telemetry: telemetry))
      case .end(let end):
        (status, divergedAt, reason) = (end.status, end.divergedAt, end.reason)
        if end.status == .diverged { divergedAt = end.divergedAt ?? event.step }
      case .checkpoint: break
      }
    }
    guard let first = training.first else {
      throw DiagnosisError.notBegun(folder.url.relativePath)
    }
    firstStep = first.step - 1
  }
}

extension TrainingEvent {
  fileprivate var isEnd: Bool {
    if case .end = content { true } else { false }
  }
}
