/// A recorded computation, from tokens to a loss, that can be run forward and back.
///
/// Recording computes nothing. The same tape is replayed for every chunk of every step, so that
/// memory is laid out once, and known before any is taken. An operation is a file in `Operations`,
/// which extends the tape with a method to record it.
package struct Tape: Sendable {
  /// Where the scalars of a slot are.
  enum Slot: Sendable {
    /// In the arena, for as long as they are needed.
    case activation(doubles: Bool)
    /// In the parameters' own storage, from this scalar on.
    case parameter(offset: Int)
    /// In the arena always.
    case constant([Double])
  }

  /// The sequences and the tokens of each that one replay takes.
  package let sequences: Int
  package let length: Int
  private(set) var operations: [any Operation] = []
  private(set) var slots: [Slot] = []
  private(set) var counts: [Int] = []
  /// The scalars of all parameters, each beginning at a cache line.
  package private(set) var parameterCount = 0

  package init(sequences: Int, length: Int) {
    precondition(sequences > 0 && length > 0, "\(sequences) sequences of \(length)")
    self.sequences = sequences
    self.length = length
  }

  /// The tokens of one replay.
  package var tokens: Int { sequences * length }

  /// A parameter, whose scalars are in storage that outlives every replay.
  package mutating func parameter(_ shape: [Int]) -> Tensor {
    let tensor = append(.parameter(offset: parameterCount), shape)
    let scalarsPerLine = Storage.alignment / MemoryLayout<Float>.stride
    parameterCount = (parameterCount + tensor.count).roundedUp(to: scalarsPerLine)
    return tensor
  }

  func isParameter(_ tensor: Tensor) -> Bool {
    if case .parameter = slots[tensor.slot] { true } else { false }
  }

  /// Where a parameter is in the parameters' storage.
  package func range(of parameter: Tensor) -> Range<Int> {
    guard case .parameter(let offset) = slots[parameter.slot] else {
      preconditionFailure("slot \(parameter.slot) is no parameter")
    }
    return offset..<offset + parameter.count
  }

  mutating func constant(_ values: [Double], _ shape: [Int]) -> Tensor {
    append(.constant(values), shape)
  }

  /// A result of an operation; `doubles` are doubles whatever the precision.
  mutating func activation(_ shape: [Int], doubles: Bool = false) -> Tensor {
    append(.activation(doubles: doubles), shape)
  }

  mutating func record(_ operation: some Operation) { operations.append(operation) }

  private mutating func append(_ slot: Slot, _ shape: [Int]) -> Tensor {
    slots.append(slot)
    let tensor = Tensor(slot: slots.count - 1, shape: shape)
    counts.append(tensor.count)
    return tensor
  }
}
