package import Parametrizations
package import Tensors

/// A rule of matrices, and another one for what is no matrix or is left to it.
package struct SplitOptimizer: Optimizer {
  /// The matrices whose fan-in and fan-out both grow with the model.
  package static let hidden: Set<ParameterRole> = [
    .hidden, .expertUp, .expertGate, .expertDown,
  ]

  private let matrices: any Optimizer
  private let others: any Optimizer
  private let roles: Set<ParameterRole>

  /// - Parameters:
  ///   - matrices: Moves the parameters of `roles`.
  ///   - others: Moves all else.
  ///   - roles: Of matrices.
  /// - Precondition: Neither rule remembers numbers of the model as a whole.
  package init(matrices: any Optimizer, others: any Optimizer, roles: Set<ParameterRole> = hidden) {
    precondition(matrices.numbers.isEmpty && others.numbers.isEmpty, "their numbers would mix")
    self.matrices = matrices
    self.others = others
    self.roles = roles
  }

  private func rule(of role: ParameterRole) -> any Optimizer {
    roles.contains(role) ? matrices : others
  }

  package func states(of spec: ParameterSpec) throws(OptimizerError) -> [OptimizerState] {
    try rule(of: spec.role).states(of: spec)
  }

  package func check(
    _ settings: ParameterSettings, of spec: ParameterSpec, path: String
  ) throws(OptimizerError) {
    try rule(of: spec.role).check(settings, of: spec, path: path)
  }

  package func scratchScalars(of spec: ParameterSpec) -> Int {
    rule(of: spec.role).scratchScalars(of: spec)
  }

  package func move(
    _ parameters: [OptimizedParameter], _ step: inout OptimizerStep, _ engine: Engine
  ) {
    matrices.move(parameters.filter { roles.contains($0.spec.role) }, &step, engine)
    others.move(parameters.filter { !roles.contains($0.spec.role) }, &step, engine)
  }
}
