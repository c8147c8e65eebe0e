package import Optimizers
package import Parametrizations
package import ProxyModels
package import Runs
package import Tensors

/// Everything that changes while a model is trained: weights, optimizer state, the number of steps.
///
/// It belongs to one thread.
package final class TrainingState {
  package let recorded: RecordedModel
  package let engine: Engine
  package let weights: Storage
  /// Those of the last update's batch, before clipping.
  package let gradients: Storage
  var memory: OptimizerMemory
  /// The updates made so far.
  package var step = 0

  private let settings: ModelSettings
  private let optimizer: any Optimizer
  /// The largest norm of the whole gradient; `nil` clips nothing.
  private let clip: Double?
  private let specs: ParameterTree<ParameterSpec>
  private let arena: Arena
  /// Where weights wait while the model is judged at others.
  private let judged: Storage?
  private let merge: CheckpointMerge?
  /// What is merged so far, each checkpoint times its share.
  private let merged: Storage?

  /// A model before its first step.
  package init(
    _ model: any ProxyModel, _ settings: ModelSettings, _ optimizer: any Optimizer, clip: Double?,
    merge: CheckpointMerge? = nil, recorded: RecordedModel, seed: UInt64, _ engine: Engine
  ) throws {
    let count = recorded.tape.parameterCount
    self.recorded = recorded
    self.engine = engine
    self.settings = settings
    self.optimizer = optimizer
    self.clip = clip
    weights = try Storage(engine.precision, count: count)
    gradients = try Storage(engine.precision, count: count)
    specs = model.parameters
    arena = try Arena(recorded.tape, engine, weights: weights, gradients: gradients)
    recorded.initialize(weights, specs: specs, settings: settings, seed: seed)
    self.merge = merge
    merged = try merge.map { _ in try Storage(engine.precision, count: count) }
    let judgesElsewhere = optimizer.judgesElsewhere || merge != nil
    judged = judgesElsewhere ? try Storage(engine.precision, count: count) : nil
    let (weights, tape, leaves) = (weights, recorded.tape, recorded.weights.leaves)
    memory = try OptimizerMemory(optimizer, of: specs, seed: seed, engine) {
      weights[tape.range(of: leaves[$0])]
    }
  }

  /// What one step found before it moved the weights.
  package struct StepResult: Sendable {
    /// The mean cross-entropy of the batch, in nats per token.
    package var loss: Double
    /// The norm of the whole gradient before clipping.
    package var gradientNorm: Double
    /// What was seen of the update, where it was looked at.
    package var telemetry: Telemetry?

    package init(loss: Double, gradientNorm: Double) {
      self.loss = loss
      self.gradientNorm = gradientNorm
    }

    var isFinite: Bool { loss.isFinite && gradientNorm.isFinite }
  }

  /// Moves the weights by one batch, unless its loss or gradient is not finite.
  ///
  /// - Parameters:
  ///   - batch: A whole number of replays' sequences.
  ///   - scheduleFactor: Multiplies every peak learning rate.
  ///   - probe: Looks at it.
  /// - Returns: What was found before the weights moved.
  package func update(
    on batch: some RandomAccessCollection<[Int32]>, scheduleFactor: Double,
    probe: TelemetryProbe? = nil
  ) -> StepResult {
    precondition(batch.count.isMultiple(of: recorded.tape.sequences), "\(batch.count) sequences")
    gradients.whole.zero()
    let tokens = batch.count * recorded.tape.length
    let count = batch.count / recorded.tape.sequences
    var done = 0
    let sum = replays(of: batch) {
      if done == 0 { probe?.lookAtActivations(arena) }
      arena.backward(scale: 1 / Double(tokens))
      done += 1
      if done == count / 2 { probe?.lookAtPart(of: gradients, done: done, all: count) }
    }
    var result = StepResult(
      loss: sum.reduce(0, +) / Double(tokens),
      gradientNorm: gradients.whole.sumOfSquares(engine).squareRoot())
    guard result.isFinite else { return result }
    step += 1
    let parameters = parameters(scheduleFactor: scheduleFactor)
    probe?.lookBefore(parameters, weights: weights, tokens: tokens)
    move(parameters, result)
    result.telemetry = probe?.lookAfter(parameters)
    mergeWeights(after: step)
    return result
  }

  /// The mean cross-entropy of each sequence, in nats per token.
  package func losses(of sequences: some RandomAccessCollection<[Int32]>) -> [Double] {
    guard let judged = judgedWeights() else { return lossesHere(of: sequences) }
    judged.whole.swap(with: weights.whole)
    defer { judged.whole.swap(with: weights.whole) }
    return lossesHere(of: sequences)
  }

  /// Whether the model is judged after `step` at other weights than those that are trained.
  func isJudgedElsewhere(after step: Int) -> Bool {
    optimizer.judgesElsewhere || step == merge?.lastStep
  }

  /// The weights that the model is judged at now; `nil` where they are those that are trained.
  func judgedWeights() -> Storage? {
    guard let judged, isJudgedElsewhere(after: step) else { return nil }
    if let merged {
      judged.whole.copy(from: merged.whole)
    } else {
      for parameter in parameters(scheduleFactor: 0) {
        optimizer.writeJudged(parameter, into: judged[parameter.weight.range])
      }
    }
    return judged
  }

  /// What is merged after `step`; `nil` up to the first checkpoint that is, which weights alone tell.
  ///
  /// So a run that merges can begin at that of one that does not.
  func mergedSoFar(after step: Int) -> Storage? {
    merge.flatMap { step <= $0.firstStep ? nil : merged }
  }

  /// Takes the weights after `step` into the merge, if they are part of it.
  func mergeWeights(after step: Int) {
    guard let merged, let share = merge?.share(after: step) else { return }
    merged.whole.add(weights.whole, times: share, engine)
  }

  private func lossesHere(of sequences: some RandomAccessCollection<[Int32]>) -> [Double] {
    replays(of: sequences) {}.map { $0 / Double(recorded.tape.length) }
  }

  /// Runs every sequence through the tape; the summed loss of each.
  ///
  /// Replays are of one size: the last is filled up with what is not counted, so `back`, which every
  /// replay is followed by, must only be asked for when there is nothing to fill.
  private func replays(
    of sequences: some RandomAccessCollection<[Int32]>, _ back: () -> Void
  ) -> [Double] {
    let (count, length) = (recorded.tape.sequences, recorded.tape.length)
    var sums: [Double] = []
    var chunk: [[Int32]] = []
    for (number, sequence) in sequences.enumerated() {
      chunk.append(sequence)
      let isLast = number == sequences.count - 1
      guard chunk.count == count || isLast else { continue }
      let wanted = chunk.count
      while chunk.count < count { chunk.append(sequence) }
      arena.forward(chunk)
      let losses = arena.doubles(recorded.loss.losses)
      for place in 0..<wanted {
        sums.append(losses[place * length..<(place + 1) * length].reduce(0, +))
      }
      back()
      chunk.removeAll(keepingCapacity: true)
    }
    return sums
  }

  /// PyTorch's `clip_grad_norm_`, whose small constant keeps a clipped norm just below the limit.
  private func clipping(_ norm: Double) -> Double {
    clip.map { min(1, $0 / (norm + 1e-6)) } ?? 1
  }

  private func move(_ parameters: [OptimizedParameter], _ result: StepResult) {
    var step = OptimizerStep(
      number: step, loss: result.loss, gradientScale: clipping(result.gradientNorm),
      numbers: memory.numbers)
    optimizer.move(parameters, &step, engine)
    memory.numbers = step.numbers
  }

  /// Every parameter as the optimizer sees it.
  private func parameters(scheduleFactor: Double) -> [OptimizedParameter] {
    recorded.weights.leaves.indices.map { place in
      var settings = settings.parameters.leaves[place]
      settings.learningRate *= scheduleFactor
      let range = recorded.tape.range(of: recorded.weights.leaves[place])
      return OptimizedParameter(
        spec: specs.leaves[place], weight: weights[range], gradient: gradients[range],
        states: memory.arrays[place].map(\.storage.whole), settings: settings)
    }
  }
}
