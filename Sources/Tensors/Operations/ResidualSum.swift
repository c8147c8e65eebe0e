import CKernels

/// A residual stream with what a branch adds to it.
struct ResidualSum: Operation {
  let stream: Tensor
  let branch: Tensor
  let multiplier: Double
  let result: Tensor

  var inputs: [Tensor] { [stream, branch] }
  var outputs: [Tensor] { [result] }
  var kept: [Tensor] { [] }

  func forward(_ arena: Arena) {
    arena.kernels.scaled_sum(
      arena.value(result), arena.value(stream), arena.value(branch), multiplier, result.count)
  }

  func backward(_ arena: Arena) {
    let gradient = arena.gradient(of: result)
    let toStream = arena.gradient(to: stream)
    arena.kernels.scaled(toStream.pointer, toStream.add, gradient, 1, result.count)
    let toBranch = arena.gradient(to: branch)
    arena.kernels.scaled(toBranch.pointer, toBranch.add, gradient, multiplier, result.count)
  }
}

extension Tape {
  /// `stream` plus `multiplier` times `branch`.
  package mutating func residualSum(
    _ stream: Tensor, _ branch: Tensor, multiplier: Double = 1
  ) -> Tensor {
    precondition(stream.shape == branch.shape, "\(stream.shape) and \(branch.shape)")
    let result = activation(stream.shape)
    record(ResidualSum(stream: stream, branch: branch, multiplier: multiplier, result: result))
    return result
  }
}
