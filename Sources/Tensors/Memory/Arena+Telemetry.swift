import CKernels

/// What one attention does in a replay.
package struct AttentionStatistics: Hashable, Sendable {
  /// The largest scaled product of a query with a key it may see, over heads and positions.
  package let logitMaximum: Double
  /// The mean over heads and positions of the entropy of the weights, in nats.
  ///
  /// It is not finite when any of the products is not.
  package let entropy: Double
}

/// How large the scalars of an array are.
package struct Magnitude: Hashable, Sendable {
  /// Not finite when any scalar is not.
  package let rootMeanSquare: Double
  /// Blind to NaN, which the root mean square tells of.
  package let largest: Double
}

/// What telemetry reads between the way forward and the way back; it changes nothing.
///
/// The way back reuses the memory of what it has read, so that afterwards these numbers mean nothing.
extension Arena {
  /// The most query positions that are looked at; of a longer sequence every n-th is.
  private static let positions = 256

  /// What each attention did, in the order of the tape, with the first sequence of the last replay.
  ///
  /// Of a sequence longer than 256 tokens only every n-th position's query is looked at, with the
  /// smallest n that leaves no more than 256: the maximum is then a lower bound.
  package func attentionStatistics() -> [AttentionStatistics] {
    tape.operations.compactMap { ($0 as? Attention).map(statistics) }
  }

  private func statistics(of attention: Attention) -> AttentionStatistics {
    let step = (attention.sizes.length + Self.positions - 1) / Self.positions
    let scratch = attention.scratch(kernels)
    // Memory of its own: the scratch memory of the tape holds activations between its two ways.
    return withUnsafeTemporaryAllocation(
      byteCount: scratch * MemoryLayout<Double>.stride, alignment: Storage.alignment
    ) { memory in
      var (logitMaximum, entropy) = (0.0, 0.0)
      guard let scratch = memory.baseAddress else { preconditionFailure("no scratch memory") }
      kernels.attention_statistics(
        &logitMaximum, &entropy, value(attention.query), value(attention.key), scratch,
        attention.sizes, step)
      return AttentionStatistics(logitMaximum: logitMaximum, entropy: entropy)
    }
  }

  /// How large an activation of the last replay is.
  ///
  /// - Precondition: Some operation's way back reads it, or it is gone by now.
  package func magnitude(of tensor: Tensor) -> Magnitude {
    precondition(tape.operations.contains { $0.kept.contains(tensor) }, "it is not kept")
    let stride = precision.stride
    var (squares, largest) = (0.0, 0.0)
    for first in Swift.stride(from: 0, to: tensor.count, by: Self.cached) {
      let count = min(Self.cached, tensor.count - first)
      let part = value(tensor) + first * stride
      squares += kernels.sum_of_squares(part, count)
      largest = max(largest, kernels.largest_magnitude(part, count))
    }
    return Magnitude(
      rootMeanSquare: (squares / Double(tensor.count)).squareRoot(), largest: largest)
  }

  /// Scalars that stay in the nearest cache, so that two passes read memory once.
  private static let cached = 2048
}
