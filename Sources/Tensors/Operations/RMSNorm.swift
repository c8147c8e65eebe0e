import CKernels

/// Root-mean-square normalization (Zhang and Sennrich 2019, arXiv 1910.07467) of rows.
struct RMSNorm: Operation {
  let x: Tensor
  let gain: Tensor
  let epsilon: Double
  let multiplier: Double
  let result: Tensor
  /// One for each row.
  let inverse: Tensor

  var inputs: [Tensor] { [x, gain] }
  var outputs: [Tensor] { [result, inverse] }
  var kept: [Tensor] { [x, inverse] }

  func forward(_ arena: Arena) {
    arena.kernels.rms_norm_forward(
      arena.value(result), arena.value(inverse), arena.value(x), arena.value(gain), inverse.count,
      gain.count, epsilon, multiplier)
  }

  func backward(_ arena: Arena) {
    let gradient = arena.gradient(of: result)
    let toX = arena.gradient(to: x)
    arena.kernels.rms_norm_backward(
      toX.pointer, toX.add, arena.gradient(to: gain).pointer, gradient, arena.value(x),
      arena.value(gain), arena.value(inverse), inverse.count, gain.count, multiplier)
  }
}

extension Tape {
  /// `x` with each run of as many channels as `gain` has brought to root mean square one, times
  /// `gain` and `multiplier`: the whole width, or each attention head by itself.
  ///
  /// - Precondition: `gain` is a parameter.
  package mutating func rmsNorm(
    _ x: Tensor, gain: Tensor, epsilon: Double, multiplier: Double = 1
  ) -> Tensor {
    precondition(x.width.isMultiple(of: gain.count), "\(gain.shape) of \(x.shape)")
    let result = activation(x.shape)
    let inverse = activation([x.count / gain.count])
    record(
      RMSNorm(
        x: x, gain: gain, epsilon: epsilon, multiplier: multiplier, result: result, inverse: inverse
      ))
    return result
  }
}
