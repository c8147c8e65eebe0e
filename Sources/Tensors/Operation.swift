import CKernels

/// One step of a tape, with its hand-written way back.
protocol Operation: Sendable {
  /// What it reads; each that is no constant gets a gradient.
  var inputs: [Tensor] { get }
  /// What it makes: first its result, then what it keeps for itself, which has no gradient.
  var outputs: [Tensor] { get }
  /// Those of both that the way back reads.
  var kept: [Tensor] { get }
  /// The scalars it needs for itself while it runs, of the numbers that the kernels state.
  func scratch(_ kernels: CKernels) -> Int

  func forward(_ arena: Arena)
  /// Adds to or writes the gradients of the inputs, as `Arena.gradient(to:)` says.
  func backward(_ arena: Arena)
}

extension Operation {
  func scratch(_ kernels: CKernels) -> Int { 0 }
}
