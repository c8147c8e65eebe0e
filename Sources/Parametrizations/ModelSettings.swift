/// Everything a parametrization decides about one model, resolved to numbers.
///
/// Initialization, forward pass, optimizer, tables and emitters all read this and nothing else, so
/// that no rule can be skipped.
package struct ModelSettings: Equatable, Sendable {
  package var parameters: ParameterTree<ParameterSettings>
  /// Multiplies what each residual branch adds.
  package var residualBranch: Double
  /// Multiplies the products of queries and keys before the softmax.
  package var attentionScale: Double
  /// Multiplies logits that are read out with the embedding.
  package var tiedOutput: Double

  package init(
    parameters: ParameterTree<ParameterSettings>, residualBranch: Double = 1,
    attentionScale: Double, tiedOutput: Double = 1
  ) {
    self.parameters = parameters
    self.residualBranch = residualBranch
    self.attentionScale = attentionScale
    self.tiedOutput = tiedOutput
  }
}

/// The learning rate and its companions, before any parametrization has spread them over roles.
package struct BaseSettings: Hashable, Codable, Sendable {
  package var learningRate: Double
  package var weightDecay: Double
  package var epsilon: Double

  package init(learningRate: Double, weightDecay: Double, epsilon: Double) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.epsilon = epsilon
  }
}
