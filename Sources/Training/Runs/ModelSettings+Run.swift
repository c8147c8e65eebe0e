package import Parametrizations
package import ProxyModels
package import Runs

extension ModelSettings {
  /// What a run's parametrization and rates by role make of its learning rate and weight decay.
  ///
  /// - Throws: For an unknown parametrization, a role that the model does not have, or an epsilon that is
  ///   nothing.
  package init(of run: RunDescription, _ model: any ProxyModel) throws {
    self = try Parametrization.named(run.parametrization).settings(
      for: model.shape, base: try BaseSettings(run))
    try multiplyLearningRates(
      by: LearningRateRatios(run.learningRateByRole), of: model.parameters,
      keepsDecay: run.optimizer.decayConvention == .independent)
  }
}

extension BaseSettings {
  /// What a run says of all parameters, with the weight decay as rules take it: per unit of learning
  /// rate, or where it is coupled as it is.
  package init(_ run: RunDescription) throws(TrainingError) {
    let optimizer = run.optimizer
    guard Float(optimizer.epsilon).isNormal else { throw .epsilon(optimizer.epsilon) }
    let weightDecay: Double
    switch optimizer.decayConvention {
    case .decoupled: weightDecay = optimizer.weightDecay
    // The rule multiplies by the learning rate, which an independent decay does not know.
    case .independent: weightDecay = optimizer.weightDecay / run.learningRate
    case .coupled: weightDecay = optimizer.weightDecay
    }
    self.init(
      learningRate: run.learningRate, weightDecay: weightDecay, epsilon: optimizer.epsilon)
  }
}
