import Foundation
import ProxyModels
import Optimizers
import Runs
import Tensors

/// One process's work on a run, from its last checkpoint to its end.
final class TrainingSession {
  private let run: TrainingRun
  private let plan: TrainingPlan
  private let folder: RunFolder
  private let observer: TrainingRun.Observer
  private let checkpoints: RunCheckpoints
  private let state: TrainingState
  private let log: EventLog.Writer
  /// Looks at the weights, where the run is to be looked at.
  private let probe: TelemetryProbe?
  private var watch: DivergenceWatch
  private var validations: Validations
  /// The step of the newest checkpoint that is known to be good.
  private var savedStep: Int?

  /// What a checkpoint holds besides tensors.
  private struct Payload: Codable {
    var watch: DivergenceWatch
    var validations: Validations
    /// What the optimizer remembers of the model as a whole.
    var optimizerNumbers: [Double]?
  }

  /// The first and the last loss on held-out text.
  private struct Validations: Codable {
    var first: TrainingEvent.Validation?
    var last: TrainingEvent.Validation?
  }

  /// Two, so that there is one left when the newest is damaged.
  private static let keptCheckpoints = 2

  init(_ run: TrainingRun, _ folder: RunFolder, _ observer: TrainingRun.Observer) throws {
    self.run = run
    self.folder = folder
    self.observer = observer
    let plan = run.plan
    self.plan = plan
    checkpoints = run.checkpoints(in: folder)
    state = try TrainingState(
      plan.model, plan.settings, plan.optimizer, clip: plan.clip, merge: plan.merge,
      recorded: run.recorded, seed: plan.seed, run.engine)
    probe = try run.manifest.description.telemetry.map { _ in
      try TelemetryProbe(
        run.recorded, plan.model.parameters, shrinksWeights: plan.shrinksWeights, seed: plan.seed,
        run.engine)
    }
    // A trunk goes back to where it can still save every step that is branched from.
    let (checkpoint, damaged) = try checkpoints.latestIntact(
      upTo: try checkpoints.firstMissing(of: run.branchSteps) ?? .max)
    for error in damaged { observer.notice(.damagedCheckpoint(error)) }
    // A damaged one ahead would stand where the run is to be saved.
    try checkpoints.remove(after: checkpoint?.step ?? -1)
    watch =
      run.manifest.part == .trunk
      ? DivergenceWatch(patience: Self.trunkPatience) : DivergenceWatch(steps: plan.steps)
    validations = Validations()
    let start = try checkpoint ?? run.branchPoint
    if let start {
      try state.restore(start)
      let payload = try start.payload(as: Payload.self)
      (watch, validations) = (payload.watch, payload.validations)
      let numbers = payload.optimizerNumbers ?? []
      guard numbers.count == state.memory.numbers.count else {
        throw CheckpointError.damaged(
          start.path,
          reason: "it has \(numbers.count) numbers of an optimizer that has "
            + "\(state.memory.numbers.count)")
      }
      state.memory.numbers = numbers
    }
    savedStep = checkpoint?.step
    if checkpoint != nil { observer.notice(.resumed(step: state.step)) }
    log = try Self.reopen(folder.log, of: run.manifest, at: checkpoint?.step)
    // What a branch starts from is told by its trunk.
    if let step = checkpoint?.step, step > run.manifest.branchStep ?? 0,
      isDue(every: run.manifest.description.checkpoint.every)
    {
      try emit(.checkpoint)
    }
  }

  /// A trunk's length is no part of what it is, so its patience cannot be a share of it.
  private static let trunkPatience = 200

  /// The log up to a checkpoint; what came after it will come again, the same.
  private static func reopen(
    _ log: EventLog, of manifest: RunManifest, at step: Int?
  ) throws -> EventLog.Writer {
    let description = manifest.description
    var steps = manifest.branchStep ?? 0
    let writer = try log.reopen { event in
      guard let step, event.step <= step else { return false }
      switch event.content {
      case .train:
        if event.step == steps + 1 { steps += 1 }
        return true
      // A trunk that ended here and goes further was measured only because it ended.
      case .validation:
        return event.step < step || event.step == 0
          || description.isDue(every: description.validation.every, after: event.step)
      case .telemetry:
        return event.step < step || description.isTelemetryDue(in: event.step)
      case .checkpoint: return event.step < step
      case .end: return false
      }
    }
    guard steps == step ?? manifest.branchStep ?? 0 else {
      throw RunFolderError.incompleteLog(log.url.path, step: step ?? 0)
    }
    return writer
  }

  /// Trains to the end, or until the observer says stop.
  func run(_ status: RunState) throws -> RunState {
    var status = status
    if validations.first == nil { try validate() }
    while state.step < plan.steps {
      if observer.isStopped() {
        try save()
        try write(&status, .stopped)
        return status
      }
      let next = state.step + 1
      if let reason = try advance() { return try end(&status, divergedAt: next, reason) }
      if isDue(every: run.manifest.description.validation.every) {
        try validate()
        if validations.last?.loss == nil {
          return try end(&status, divergedAt: state.step, "the loss on held-out text is no number")
        }
      }
      if isDue(every: run.manifest.description.checkpoint.every) {
        try save()
        try emit(.checkpoint)
        try write(&status, .running)
      } else if run.branchSteps.contains(state.step) {
        try save()
      }
    }
    // Too short for a watch over steps to tell; a trunk may still come down in a decay.
    if run.manifest.part != .trunk, let first = validations.first?.loss,
      let last = validations.last?.loss, last > first
    {
      return try end(&status, divergedAt: state.step, "the loss ended above its start, \(first)")
    }
    try emit(
      .end(
        TrainingEvent.End(
          status: .finished, loss: validations.last?.loss,
          lossStandardError: validations.last?.standardError)))
    try write(&status, .finished)
    return status
  }

  /// Ends a run that is lost, which is its result.
  private func end(_ status: inout RunState, divergedAt step: Int, _ reason: String) throws
    -> RunState
  {
    try emit(
      .end(TrainingEvent.End(status: .diverged, divergedAt: step, reason: reason)), step: step)
    try write(&status, .diverged, step: step, reason: reason)
    return status
  }

  /// Makes one update; says why the run is lost, if it is.
  private func advance() throws -> String? {
    let step = state.step
    let factor = plan.factor(of: step + 1)
    let isWatched = run.manifest.description.isTelemetryDue(in: step + 1)
    let result = state.update(
      on: plan.batch(step), scheduleFactor: factor, probe: isWatched ? probe : nil)
    try emit(
      .train(
        TrainingEvent.Train(
          loss: result.loss, learningRate: plan.learningRate * factor,
          gradientNorm: result.gradientNorm, epoch: plan.epochs(after: step + 1))),
      step: step + 1)
    if let telemetry = result.telemetry { try emit(.telemetry(telemetry), step: step + 1) }
    return watch.add(result)
  }

  private func validate() throws {
    let source = plan.validation
    let losses = state.losses(of: (0..<plan.validationSequences).lazy.map(source.sequence))
    let validation = TrainingEvent.Validation(losses)
    validations.first = validations.first ?? validation
    validations.last = validation
    try emit(.validation(validation))
  }

  private func save() throws {
    // Twice at one step when a run is stopped right after it was resumed.
    guard savedStep != state.step else { return }
    try run.corpus.requireUnchanged()
    try log.synchronize()
    try checkpoints.write(
      state.content(
        tokens: plan.batches.tokens(after: state.step),
        payload: Payload(
          watch: watch, validations: validations, optimizerNumbers: state.memory.numbers)))
    savedStep = state.step
    try checkpoints.prune(keeping: Self.keptCheckpoints, and: run.branchSteps)
  }

  private func isDue(every tokens: Int) -> Bool {
    state.step > 0 && run.manifest.description.isDue(every: tokens, after: state.step)
  }

  private func emit(_ content: TrainingEvent.Content, step: Int? = nil) throws {
    let step = step ?? state.step
    let event = TrainingEvent(step: step, tokens: plan.batches.tokens(after: step), content)
    try log.append(event)
    observer.event(event)
  }

  private func write(
    _ status: inout RunState, _ new: RunState.State, step: Int? = nil, reason: String? = nil
  ) throws {
    status.state = new
    status.step = step ?? state.step
    status.reason = reason
    status.exitCode = new == .running ? nil : 0
    status.updated = Date()
    try folder.write(status)
  }
}

extension TrainingRun {
  /// The trunk's checkpoint that a branch starts from; `nil` for other runs.
  fileprivate var branchPoint: Checkpoint? {
    get throws {
      guard case .branch(let trunk, let step) = manifest.part, let trunkFolder else { return nil }
      return try RunCheckpoints(in: trunkFolder.checkpointsURL.path, runID: trunk)
        .checkpoint(atStep: step)
    }
  }
}

extension TrainingEvent.Validation {
  /// The mean of the sequences' losses, whose spread tells its error.
  init(_ losses: [Double]) {
    let count = Double(losses.count)
    let mean = losses.reduce(0, +) / count
    let squares = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = losses.count > 1 ? (squares / (count - 1) / count).squareRoot() : nil
    self.init(loss: mean, standardError: error, sequences: losses.count)
  }
}
