package import Optimizers
package import Parametrizations
package import ProxyModels
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
  /// One for each state that the optimizer names, with the layout of the weights.
  package let optimizerStates: [Storage]
  /// What the optimizer calls them.
  let stateNames: [String]
  /// The updates made so far.
  package var step = 0

  private let settings: ModelSettings
  private let optimizer: any Optimizer
  /// The largest norm of the whole gradient; `nil` clips nothing.
  private let clip: Double?
  private let arena: Arena

  /// A model before its first step.
  package init(
    _ model: any ProxyModel, _ settings: ModelSettings, _ optimizer: any Optimizer, clip: Double?,
    recorded: RecordedModel, seed: UInt64, _ engine: Engine
  ) throws(TensorError) {
    let count = recorded.tape.parameterCount
    self.recorded = recorded
    self.engine = engine
    self.settings = settings
    self.optimizer = optimizer
    self.clip = clip
    weights = try Storage(engine.precision, count: count)
    gradients = try Storage(engine.precision, count: count)
    var states: [Storage] = []
    for _ in optimizer.states { states.append(try Storage(engine.precision, count: count)) }
    optimizerStates = states
    stateNames = optimizer.states
    arena = try Arena(recorded.tape, engine, weights: weights, gradients: gradients)
    recorded.initialize(weights, specs: model.parameters, settings: settings, seed: seed)
  }

  /// What one step found before it moved the weights.
  package struct StepResult: Sendable {
    /// The mean cross-entropy of the batch, in nats per token.
    package var loss: Double
    /// The norm of the whole gradient before clipping.
    package var gradientNorm: Double

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
  /// - Returns: What was found before the weights moved.
  package func update(
    on batch: some RandomAccessCollection<[Int32]>, scheduleFactor: Double
  ) -> StepResult {
    precondition(batch.count.isMultiple(of: recorded.tape.sequences), "\(batch.count) sequences")
    gradients.whole.zero()
    let tokens = batch.count * recorded.tape.length
    let sum = replays(of: batch) { arena.backward(scale: 1 / Double(tokens)) }
    let result = StepResult(
      loss: sum.reduce(0, +) / Double(tokens),
      gradientNorm: gradients.whole.sumOfSquares(engine).squareRoot())
    guard result.isFinite else { return result }
    step += 1
    move(scheduleFactor: scheduleFactor, gradientScale: clipping(result.gradientNorm))
    return result
  }

  /// The mean cross-entropy of each sequence, in nats per token.
  package func losses(of sequences: some RandomAccessCollection<[Int32]>) -> [Double] {
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

  private func move(scheduleFactor: Double, gradientScale: Double) {
    for (index, weight) in recorded.weights.leaves.enumerated() {
      var settings = settings.parameters.leaves[index]
      settings.learningRate *= scheduleFactor
      let range = recorded.tape.range(of: weight)
      optimizer.update(
        weights[range], state: optimizerStates.map { $0[range] }, gradient: gradients[range],
        gradientScale: gradientScale, settings: settings, step: step, engine)
    }
  }
}
