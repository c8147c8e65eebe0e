import Parametrizations
import ProxyModels
import Tensors

extension TrainingState {
  /// What a checkpoint of this state holds; it is written from where it is.
  func content<Payload>(tokens: Int, payload: Payload) -> CheckpointContent<Payload> {
    CheckpointContent(
      step: step, tokens: tokens, payload: payload, model: tensors(of: weights),
      optimizer: zip(stateNames, optimizerStates).flatMap { tensors(of: $1, prefix: "\($0).") })
  }

  /// Goes back to the state that a checkpoint holds.
  ///
  /// - Throws: When the checkpoint is of another model or optimizer.
  func restore(_ checkpoint: Checkpoint) throws {
    try fill(weights, from: checkpoint.model)
    for (name, storage) in zip(stateNames, optimizerStates) {
      try fill(storage, from: checkpoint.optimizer, prefix: "\(name).")
    }
    step = checkpoint.step
  }

  private func tensors(of storage: Storage, prefix: String = "") -> [NamedTensor] {
    zip(recorded.weights.paths, recorded.weights.leaves).map { path, tensor in
      NamedTensor(
        name: prefix + path.description, shape: tensor.shape,
        memory: UnsafeBufferPointer(storage[recorded.tape.range(of: tensor)].floats))
    }
  }

  private func fill(_ storage: Storage, from file: SafetensorsFile, prefix: String = "") throws {
    for (path, tensor) in zip(recorded.weights.paths, recorded.weights.leaves) {
      try file.read(
        prefix + path.description, shape: tensor.shape,
        into: storage[recorded.tape.range(of: tensor)].floats)
    }
  }
}
