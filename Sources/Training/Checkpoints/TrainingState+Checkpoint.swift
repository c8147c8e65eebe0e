import Optimizers
import Parametrizations
import ProxyModels
import Tensors

extension TrainingState {
  /// What a checkpoint of this state holds; it is written from where it is.
  func content<Payload>(tokens: Int, payload: Payload) -> CheckpointContent<Payload> {
    CheckpointContent(
      step: step, tokens: tokens, payload: payload, model: tensors(of: weights),
      optimizer: zip(recorded.weights.paths, memory.arrays).flatMap { path, arrays in
        arrays.map { array in
          NamedTensor(
            name: "\(array.state.name).\(path)", shape: array.state.dimensions,
            memory: UnsafeBufferPointer(array.storage.whole.floats))
        }
      })
  }

  /// Goes back to the state that a checkpoint holds.
  ///
  /// - Throws: When the checkpoint is of another model or optimizer.
  func restore(_ checkpoint: Checkpoint) throws {
    try fill(weights, from: checkpoint.model)
    for (path, arrays) in zip(recorded.weights.paths, memory.arrays) {
      for array in arrays {
        try checkpoint.optimizer.read(
          "\(array.state.name).\(path)", shape: array.state.dimensions,
          into: array.storage.whole.floats)
      }
    }
    step = checkpoint.step
  }

  private func tensors(of storage: Storage) -> [NamedTensor] {
    zip(recorded.weights.paths, recorded.weights.leaves).map { path, tensor in
      NamedTensor(
        name: path.description, shape: tensor.shape,
        memory: UnsafeBufferPointer(storage[recorded.tape.range(of: tensor)].floats))
    }
  }

  private func fill(_ storage: Storage, from file: SafetensorsFile) throws {
    for (path, tensor) in zip(recorded.weights.paths, recorded.weights.leaves) {
      try file.read(
        path.description, shape: tensor.shape,
        into: storage[recorded.tape.range(of: tensor)].floats)
    }
  }
}
