import Optimizers
import Parametrizations
import ProxyModels
import Tensors

extension TrainingState {
  /// What a checkpoint of this state holds; it is written from where it is.
  func content<Payload>(tokens: Int, payload: Payload) -> CheckpointContent<Payload> {
    let states = zip(recorded.weights.paths, memory.arrays).flatMap { path, arrays in
      arrays.map { array in
        NamedTensor(
          name: "\(array.state.name).\(path)", shape: array.state.dimensions,
          memory: UnsafeBufferPointer(array.storage.whole.floats))
      }
    }
    let judged = judgedWeights()
    return CheckpointContent(
      step: step, tokens: tokens, payload: payload, model: tensors(of: judged ?? weights),
      optimizer: states + (judged == nil ? [] : tensors(of: weights, as: Self.trained))
        + (mergedSoFar(after: step).map { tensors(of: $0, as: Self.merged) } ?? []))
  }

  /// What the names of weights begin with that are trained, or merged, where the model is others.
  private static let (trained, merged) = ("trained.", "merged.")

  /// Goes back to the state that a checkpoint holds.
  ///
  /// - Throws: When the checkpoint is of another model or optimizer.
  func restore(_ checkpoint: Checkpoint) throws {
    if isJudgedElsewhere(after: checkpoint.step) {
      try fill(weights, from: checkpoint.optimizer, as: Self.trained)
    } else {
      try fill(weights, from: checkpoint.model)
    }
    if let merged = mergedSoFar(after: checkpoint.step) {
      try fill(merged, from: checkpoint.optimizer, as: Self.merged)
    } else {
      mergeWeights(after: checkpoint.step)
    }
    for (path, arrays) in zip(recorded.weights.paths, memory.arrays) {
      for array in arrays {
        try checkpoint.optimizer.read(
          "\(array.state.name).\(path)", shape: array.state.dimensions,
          into: array.storage.whole.floats)
      }
    }
    step = checkpoint.step
  }

  private func tensors(of storage: Storage, as prefix: String = "") -> [NamedTensor] {
    zip(recorded.weights.paths, recorded.weights.leaves).map { path, tensor in
      NamedTensor(
        name: prefix + path.description, shape: tensor.shape,
        memory: UnsafeBufferPointer(storage[recorded.tape.range(of: tensor)].floats))
    }
  }

  private func fill(
    _ storage: Storage, from file: SafetensorsFile, as prefix: String = ""
  ) throws {
    for (path, tensor) in zip(recorded.weights.paths, recorded.weights.leaves) {
      try file.read(
        prefix + path.description, shape: tensor.shape,
        into: storage[recorded.tape.range(of: tensor)].floats)
    }
  }
}
