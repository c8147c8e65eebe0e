import Foundation
package import Parametrizations
package import Tensors

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101) as PyTorch has it.
///
/// The decay is the learning rate times λ, and ε is added to the root of the corrected moment.
package struct AdamW: Optimizer {
  package let beta1: Double
  package let beta2: Double

  package init(beta1: Double, beta2: Double) {
    self.beta1 = beta1
    self.beta2 = beta2
  }

  package var states: [String] { ["moment1", "moment2"] }

  package func update(
    _ weight: StorageSlice, state: [StorageSlice], gradient: StorageSlice, gradientScale: Double,
    settings: ParameterSettings, step: Int, _ engine: Engine
  ) {
    precondition(state.count == 2, "AdamW keeps two moments, not \(state.count)")
    weight.adamW(
      moment1: state[0], moment2: state[1], gradient: gradient,
      AdamWNumbers(
        learningRate: settings.learningRate, beta1: beta1, beta2: beta2,
        epsilon: settings.epsilon, weightDecay: settings.weightDecay,
        correction1: 1 - pow(beta1, Double(step)), correction2: 1 - pow(beta2, Double(step)),
        gradientScale: gradientScale),
      engine)
  }
}
