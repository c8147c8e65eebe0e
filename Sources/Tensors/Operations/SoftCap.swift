import CKernels

/// Numbers bent below a cap: cap * tanh(x / cap).
///
/// Gemma 2: Riviere et al. 2024, arXiv 2408.00118, section 2.
struct SoftCap: Operation {
  let x: Tensor
  let cap: Double
  let result: Tensor

  var inputs: [Tensor] { [x] }
  var outputs: [Tensor] { [result] }
  // The slope 1 - (result / cap)^2 needs no more than the result.
  var kept: [Tensor] { [result] }

  func forward(_ arena: Arena) {
    arena.kernels.soft_cap_forward(arena.value(result), arena.value(x), cap, result.count)
  }

  func backward(_ arena: Arena) {
    let gradient = arena.gradient(of: result)
    let toX = arena.gradient(to: x)
    arena.kernels.soft_cap_backward(
      toX.pointer, toX.add, gradient, arena.value(result), cap, result.count)
  }
}

extension Tape {
  /// `x` bent to stay between -`cap` and `cap`.
  package mutating func softCap(_ x: Tensor, cap: Double) -> Tensor {
    precondition(cap > 0, "a cap of \(cap)")
    let result = activation(x.shape)
    record(SoftCap(x: x, cap: cap, result: result))
    return result
  }
}
