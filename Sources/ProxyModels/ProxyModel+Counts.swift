import Parametrizations
import Runs

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

  /// The floating-point operations of training on one token.
  ///
  /// Six for every weight that the token is multiplied with, and attention without the half that the
  /// causal mask saves (Chowdhery et al. 2022, arXiv 2204.02311, appendix B).
  package var trainingOperationsPerToken: Double {
    let model = description
    let readOut = model.vocabulary * model.width
    let attention = 12 * model.layers * model.heads * model.headWidth * model.sequenceLength
    return 6 * Double(nonEmbeddingParameterCount + readOut) + Double(attention)
  }
}
