/// The numbers one parameter is trained with.
package struct ParameterSettings: Hashable, Codable, Sendable {
  /// The standard deviation of its first values; a gain begins at one whatever this says.
  package var initStd: Double
  /// Multiplies the parameter's output in the forward pass.
  package var multiplier: Double
  /// The peak learning rate, which the schedule scales.
  package var learningRate: Double
  /// Decoupled decay per unit of learning rate (AdamW's λ).
  package var weightDecay: Double
  /// Added to the root of the second moment (AdamW's ε).
  package var epsilon: Double

  package init(
    initStd: Double, multiplier: Double = 1, learningRate: Double, weightDecay: Double,
    epsilon: Double
  ) {
    self.initStd = initStd
    self.multiplier = multiplier
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.epsilon = epsilon
  }
}

/// How each setting of one role moves away from its proxy's value as the model grows.
package struct ParameterRule: Hashable, Codable, Sendable {
  package var initStd: ScalingExponents
  package var multiplier: ScalingExponents
  package var learningRate: ScalingExponents
  package var weightDecay: ScalingExponents
  package var epsilon: ScalingExponents

  package init(
    initStd: ScalingExponents = [:], multiplier: ScalingExponents = [:],
    learningRate: ScalingExponents = [:], weightDecay: ScalingExponents = [:],
    epsilon: ScalingExponents = [:]
  ) {
    self.initStd = initStd
    self.multiplier = multiplier
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.epsilon = epsilon
  }

  func settings(from proxy: ParameterSettings, at ratios: ScaleRatios) -> ParameterSettings {
    ParameterSettings(
      initStd: proxy.initStd * initStd(ratios),
      multiplier: proxy.multiplier * multiplier(ratios),
      learningRate: proxy.learningRate * learningRate(ratios),
      weightDecay: proxy.weightDecay * weightDecay(ratios),
      epsilon: proxy.epsilon * epsilon(ratios))
  }
}
