import CKernels

/// A gated activation (Shazeer 2020, arXiv 2002.05202): silu(gate) times up.
struct SwiGLU: Operation {
  let gate: Tensor
  let up: Tensor
  let result: Tensor

  var inputs: [Tensor] { [gate, up] }
  var outputs: [Tensor] { [result] }
  var kept: [Tensor] { [gate, up] }

  func forward(_ arena: Arena) {
    arena.kernels.swiglu_forward(
      arena.value(result), arena.value(gate), arena.value(up), result.count)
  }

  func backward(_ arena: Arena) {
    let gradient = arena.gradient(of: result)
    let toGate = arena.gradient(to: gate)
    let toUp = arena.gradient(to: up)
    arena.kernels.swiglu_backward(
      toGate.pointer, toGate.add, toUp.pointer, toUp.add, gradient, arena.value(gate),
      arena.value(up), result.count)
  }
}

extension Tape {
  package mutating func swiGLU(gate: Tensor, up: Tensor) -> Tensor {
    precondition(gate.shape == up.shape && gate != up, "\(gate.shape) and \(up.shape)")
    let result = activation(gate.shape)
    record(SwiGLU(gate: gate, up: up, result: result))
    return result
  }
}
