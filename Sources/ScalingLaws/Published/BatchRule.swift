import RealModule

/// How the best learning rate changes with the batch size, as rules of the literature have it.
package enum BatchRule: Hashable, Sendable {
  /// The square root of the ratio: Adam where gradient noise dominates (Malladi et al. 2022, arXiv
  /// 2205.10287).
  case squareRoot
  /// The ratio itself: SGD far below the critical batch (McCandlish et al. 2018, arXiv 1812.06162).
  case linear
  /// A rise to a peak at the noise batch and a fall beyond it (2024, arXiv 2405.14578); the fall is
  /// not seen by others (2510.03871).
  case surge(noiseBatch: Double)

  /// What the rate is multiplied by when the batch goes from `batch` to `other`.
  package func factor(from batch: Double, to other: Double) -> Double {
    switch self {
    case .squareRoot: return (other / batch).squareRoot()
    case .linear: return other / batch
    case .surge(let noise):
      func height(_ batch: Double) -> Double {
        2 / ((noise / batch).squareRoot() + (batch / noise).squareRoot())
      }
      return height(other) / height(batch)
    }
  }

  /// The temperature that the square-root rule keeps: rate^2 / batch, tracked between stages by Olmo 3.
  package static func temperature(learningRate: Double, batchTokens: Double) -> Double {
    learningRate * learningRate / batchTokens
  }
}

/// The settings of Adam that a change of batch carries along.
///
/// The square-root rule of the SDE of Adam (Malladi et al. 2022, arXiv 2205.10287): for a batch k
/// times as large, rate * sqrt(k), 1 - beta times k, epsilon / sqrt(k). It needs gradient noise to
/// dominate the mean gradient.
package struct AdamBatchSettings: Hashable, Sendable {
  package var learningRate: Double
  package var betas: [Double]
  package var epsilon: Double

  package init(learningRate: Double, betas: [Double], epsilon: Double) {
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
  }

  /// The settings for another batch.
  ///
  /// - Returns: `nil` where a beta would be negative: the change is too large for the rule.
  package func scaled(from batch: Double, to other: Double) -> AdamBatchSettings? {
    let ratio = other / batch
    let scaled = betas.map { 1 - ratio * (1 - $0) }
    guard scaled.allSatisfy({ (0..<1).contains($0) }) else { return nil }
    return AdamBatchSettings(
      learningRate: learningRate * BatchRule.squareRoot.factor(from: batch, to: other),
      betas: scaled, epsilon: epsilon / ratio.squareRoot())
  }
}
