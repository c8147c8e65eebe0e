import Parametrizations

extension ProxyModel {
  /// The scalars of all parameters.
  package var parameterCount: Int { parameters.leaves.reduce(0) { $0 + $1.shape.count } }

  /// Those that are neither looked up nor read out with.
  package var nonEmbeddingParameterCount: Int {
    parameters.leaves.reduce(0) { sum, spec in
      switch spec.role {
      case .embedding, .output: sum
      default: sum + spec.shape.count
      }
    }
  }
}
