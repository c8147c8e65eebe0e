import CKernels

/// Rows times a matrix: `[R, in]` and `[out, in]` give `[R, out]`.
struct Linear: Operation {
  let x: Tensor
  let weight: Tensor
  let multiplier: Double
  let result: Tensor

  var inputs: [Tensor] { [x, weight] }
  var outputs: [Tensor] { [result] }
  var kept: [Tensor] { [x] }

  func forward(_ arena: Arena) {
    let (rows, fanIn, fanOut) = (x.rows, x.width, result.width)
    arena.kernels.matrix_product(
      false, true, rows, fanOut, fanIn, multiplier, arena.value(x), fanIn, arena.value(weight),
      fanIn, 0, arena.value(result), fanOut)
  }

  func backward(_ arena: Arena) {
    let (rows, fanIn, fanOut) = (x.rows, x.width, result.width)
    let gradient = arena.gradient(of: result)
    let toX = arena.gradient(to: x)
    arena.kernels.matrix_product(
      false, false, rows, fanIn, fanOut, multiplier, gradient, fanOut, arena.value(weight), fanIn,
      toX.add ? 1 : 0, toX.pointer, fanIn)
    let toWeight = arena.gradient(to: weight)
    arena.kernels.matrix_product(
      true, false, fanOut, fanIn, rows, multiplier, gradient, fanOut, arena.value(x), fanIn,
      toWeight.add ? 1 : 0, toWeight.pointer, fanIn)
  }
}

extension Tape {
  /// `multiplier` times `x` `[..., in]` through `weight` `[out, in]`.
  package mutating func linear(_ x: Tensor, _ weight: Tensor, multiplier: Double = 1) -> Tensor {
    precondition(isParameter(weight), "a weight that is no parameter")
    precondition(
      weight.shape.count == 2 && weight.width == x.width, "\(weight.shape) of \(x.shape)")
    let result = activation(x.shape.dropLast() + [weight.rows])
    record(Linear(x: x, weight: weight, multiplier: multiplier, result: result))
    return result
  }
}
