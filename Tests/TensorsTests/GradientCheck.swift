import Runs
import Tensors
import Testing

/// Compares the way back of a small computation with central differences, in double.
///
/// Parameters stand for every input: what an operation reads is made from them, so that a wrong
/// gradient of any input shows in one of them. The loss is the weighted sum of token losses.
struct GradientCheck {
  /// The largest difference of one derivative, over the root mean square of all.
  let worst: Double
  /// The derivatives compared.
  let count: Int

  /// - Parameters:
  ///   - sequences: The sequences of the tape.
  ///   - length: The tokens of each.
  ///   - vocabulary: The tokens are below this.
  ///   - zWeight: The weight of the squared log partition.
  ///   - record: Records the computation up to the logits `[B, T, vocabulary]`.
  /// - Throws: When there is no memory.
  init(
    sequences: Int = 2, length: Int = 5, vocabulary: Int = 7, zWeight: Double = 0,
    _ record: (inout Tape) -> Tensor
  ) throws {
    var tape = Tape(sequences: sequences, length: length)
    let loss = tape.crossEntropy(record(&tape), zWeight: zWeight)
    let engine = try Engine(.double)
    let weights = try Storage(.double, count: tape.parameterCount)
    let gradients = try Storage(.double, count: tape.parameterCount)
    var random = KeyedRandom(seed: 7, 1)
    for index in 0..<weights.count { weights.whole[index] = 0.5 * random.normal() }
    let text = (0..<sequences).map { _ in
      (0...length).map { _ in Int32(random.index(below: vocabulary)) }
    }
    let arena = try Arena(tape, engine, weights: weights, gradients: gradients)
    let scale = 0.7
    func objective() -> Double {
      arena.forward(text)
      let penalty = arena.doubles(loss.logSums).reduce(0) { $0 + $1 * $1 }
      return scale * (arena.doubles(loss.losses).reduce(0, +) + zWeight * penalty)
    }

    // Twice, because gradients of parameters add up over replays.
    for _ in 0..<2 {
      _ = objective()
      arena.backward(scale: scale)
    }
    var differences: [Double] = []
    var sizes: [Double] = []
    for index in 0..<weights.count {
      // Near the cube root of the rounding error, where truncation and rounding are balanced.
      let step = 1e-5
      let middle = weights.whole[index]
      weights.whole[index] = middle + step
      let above = objective()
      weights.whole[index] = middle - step
      let below = objective()
      weights.whole[index] = middle
      let expected = (above - below) / (2 * step)
      differences.append(abs(gradients.whole[index] / 2 - expected))
      sizes.append(expected * expected)
    }
    let used = sizes.filter { $0 > 0 }
    count = used.count
    worst = (differences.max() ?? .infinity) / (used.reduce(0, +) / Double(used.count)).squareRoot()
  }
}
