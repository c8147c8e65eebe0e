import CKernels

/// The rows of a table `[V, C]` that the tokens name: `[B, T, C]`.
struct Embedding: Operation {
  let table: Tensor
  let multiplier: Double
  let result: Tensor

  var inputs: [Tensor] { [table] }
  var outputs: [Tensor] { [result] }
  var kept: [Tensor] { [] }

  func forward(_ arena: Arena) {
    arena.kernels.embedding_forward(
      arena.value(result), arena.value(table), arena.inputTokens, result.rows, result.width,
      multiplier)
  }

  func backward(_ arena: Arena) {
    arena.kernels.embedding_backward(
      arena.gradient(to: table).pointer, arena.gradient(of: result), arena.inputTokens,
      result.rows, result.width, multiplier)
  }
}

extension Tape {
  /// `multiplier` times the row of `table` `[V, C]` of each token: `[B, T, C]`.
  ///
  /// - Precondition: `table` is a parameter, and every token below V.
  package mutating func embedding(_ table: Tensor, multiplier: Double = 1) -> Tensor {
    let result = activation([sequences, length, table.width])
    record(Embedding(table: table, multiplier: multiplier, result: result))
    return result
  }
}
