import Foundation
import CKernels

/// The memory of a tape, in which it is replayed.
///
/// It is used by one thread at a time.
package final class Arena {
  let kernels: CKernels
  let precision: Precision
  /// The parameters and, beside each, its gradient, to which every way back adds.
  private let weights: Storage
  private let gradients: Storage
  let tape: Tape
  private let plan: ArenaPlan
  private let base: UnsafeMutableRawPointer
  /// The tokens of the replay `[sequences, length]`, and for each the one to predict.
  private let tokens: UnsafeMutablePointer<Int32>
  private let targets: UnsafeMutablePointer<Int32>
  /// By slot, whether the gradient has been written on this way back.
  private var isWritten: [Bool]
  private var scratch: UnsafeMutableRawPointer?
  /// Multiplies the loss on the way back.
  private(set) var lossScale = 1.0

  /// The bytes that an arena for `tape` takes.
  package static func bytes(for tape: Tape, _ engine: Engine) -> Int {
    ArenaPlan(tape, engine).bytes
  }

  /// - Precondition: Both storages have the precision of `engine` and the parameters of `tape`.
  package init(
    _ tape: Tape, _ engine: Engine, weights: Storage, gradients: Storage
  ) throws(TensorError) {
    for storage in [weights, gradients] {
      precondition(storage.precision == engine.precision, "storage of another precision")
      precondition(storage.count == tape.parameterCount, "storage of another model")
    }
    self.tape = tape
    self.weights = weights
    self.gradients = gradients
    kernels = engine.kernels
    precision = engine.precision
    plan = ArenaPlan(tape, engine)
    base = try Storage.allocate(bytes: plan.bytes)
    tokens = .allocate(capacity: tape.tokens)
    targets = .allocate(capacity: tape.tokens)
    isWritten = Array(repeating: false, count: tape.slots.count)
    for (slot, kind) in tape.slots.enumerated() {
      guard case .constant(let values) = kind, let offset = plan.values[slot] else { continue }
      switch engine.precision {
      case .single:
        (base + offset).initializeMemory(
          as: Float.self, from: values.map(Float.init), count: values.count)
      case .double:
        (base + offset).initializeMemory(as: Double.self, from: values, count: values.count)
      }
    }
  }

  deinit {
    free(base)
    tokens.deallocate()
    targets.deallocate()
  }

  /// Runs the tape on `sequences`, each of which has one token more than the tape's length.
  package func forward(_ sequences: [[Int32]]) {
    precondition(sequences.count == tape.sequences, "\(sequences.count) sequences")
    for (index, sequence) in sequences.enumerated() {
      precondition(sequence.count == tape.length + 1, "a sequence of \(sequence.count) tokens")
      for position in 0..<tape.length {
        tokens[index * tape.length + position] = sequence[position]
        targets[index * tape.length + position] = sequence[position + 1]
      }
    }
    for (index, operation) in tape.operations.enumerated() {
      scratch = plan.scratch[index].forward.map { base + $0 }
      operation.forward(self)
    }
  }

  /// Adds to the parameters' gradients those of the last replay's loss times `scale`.
  package func backward(scale: Double) {
    lossScale = scale
    for slot in isWritten.indices { isWritten[slot] = false }
    for (index, operation) in tape.operations.enumerated().reversed() {
      scratch = plan.scratch[index].backward.map { base + $0 }
      operation.backward(self)
    }
  }

  /// The values of a result of the last replay that is kept in doubles.
  package func doubles(_ tensor: Tensor) -> UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(
      start: value(tensor).assumingMemoryBound(to: Double.self), count: tensor.count)
  }
}

/// What operations see.
extension Arena {
  var inputTokens: UnsafePointer<Int32> { UnsafePointer(tokens) }
  var targetTokens: UnsafePointer<Int32> { UnsafePointer(targets) }

  func value(_ tensor: Tensor) -> UnsafeMutableRawPointer {
    if case .parameter(let offset) = tape.slots[tensor.slot] {
      return weights[offset..<offset + tensor.count].pointer
    }
    guard let offset = plan.values[tensor.slot] else {
      preconditionFailure("slot \(tensor.slot) has no value")
    }
    return base + offset
  }

  /// The gradient of an operation's own result, which its consumers have written.
  func gradient(of tensor: Tensor) -> UnsafeMutableRawPointer {
    precondition(isWritten[tensor.slot], "nothing leads back to slot \(tensor.slot)")
    return gradientPlace(tensor)
  }

  /// Where an operation leaves the gradient of an input, and whether it adds to what is there.
  func gradient(to tensor: Tensor) -> (pointer: UnsafeMutableRawPointer, add: Bool) {
    if case .parameter(let offset) = tape.slots[tensor.slot] {
      return (gradients[offset..<offset + tensor.count].pointer, true)
    }
    defer { isWritten[tensor.slot] = true }
    return (gradientPlace(tensor), isWritten[tensor.slot])
  }

  var scratchMemory: UnsafeMutableRawPointer {
    guard let scratch else { preconditionFailure("the operation asked for no scratch memory") }
    return scratch
  }

  private func gradientPlace(_ tensor: Tensor) -> UnsafeMutableRawPointer {
    guard let offset = plan.gradients[tensor.slot] else {
      preconditionFailure("slot \(tensor.slot) has no gradient")
    }
    return base + offset
  }
}
