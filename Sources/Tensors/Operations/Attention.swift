import CKernels

/// Causal attention with grouped queries.
///
/// Ainslie et al. 2023, arXiv 2305.13245. Weights are not kept but computed again on the way back,
/// block of rows by block (Dao et al. 2022, arXiv 2205.14135), so that memory grows with the length
/// and not with its square.
struct Attention: Operation {
  let query: Tensor
  let key: Tensor
  let value: Tensor
  let sizes: CAttention
  let result: Tensor
  /// The log partition of each row `[B, heads, T]`.
  let logSums: Tensor

  var inputs: [Tensor] { [query, key, value] }
  var outputs: [Tensor] { [result, logSums] }
  var kept: [Tensor] { [query, key, value, result, logSums] }

  func scratch(_ kernels: CKernels) -> Int { kernels.attention_scratch(sizes) }

  func forward(_ arena: Arena) {
    arena.kernels.attention_forward(
      arena.value(result), arena.value(logSums), arena.value(query), arena.value(key),
      arena.value(value), arena.scratchMemory, sizes)
  }

  func backward(_ arena: Arena) {
    let gradient = arena.gradient(of: result)
    let toQuery = arena.gradient(to: query)
    let toKey = arena.gradient(to: key)
    let toValue = arena.gradient(to: value)
    arena.kernels.attention_backward(
      toQuery.pointer, toQuery.add, toKey.pointer, toKey.add, toValue.pointer, toValue.add,
      gradient, arena.value(result), arena.value(logSums), arena.value(query), arena.value(key),
      arena.value(value), arena.scratchMemory, sizes)
  }
}

extension Tape {
  /// What each position's query `[B, T, heads * H]` takes from the values `[B, T, groups * H]` at
  /// keys up to its own position, with products of queries and keys multiplied by `scale`.
  ///
  /// A `cap` keeps the scaled products x below it as cap * tanh(x / cap) (Gemma 2: Riviere et al.
  /// 2024, arXiv 2408.00118, section 2).
  package mutating func attention(
    query: Tensor, key: Tensor, value: Tensor, headWidth: Int, scale: Double, cap: Double? = nil
  ) -> Tensor {
    precondition(cap.map { $0 > 0 } ?? true, "a cap of \(cap ?? 0)")
    precondition(key.shape == value.shape, "\(key.shape) and \(value.shape)")
    // The kernel writes the three gradients at once, each as if the others were elsewhere.
    precondition(Set([query, key, value]).count == 3, "an array in two parts of an attention")
    let sizes = CAttention(
      sequences: sequences, length: length, heads: query.width / headWidth,
      groups: key.width / headWidth, width: headWidth, scale: scale, cap: cap ?? 0)
    precondition(sizes.heads.isMultiple(of: sizes.groups), "\(key.shape) for \(query.shape)")
    let result = activation(query.shape)
    let logSums = activation([sequences, sizes.heads, length])
    record(
      Attention(
        query: query, key: key, value: value, sizes: sizes, result: result, logSums: logSums))
    return result
  }
}
