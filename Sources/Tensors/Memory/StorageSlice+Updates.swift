import CKernels

/// What optimizers and checks need of memory, in one pass each.
extension StorageSlice {
  /// In double; not finite when any scalar is not.
  package func sumOfSquares(_ engine: Engine) -> Double {
    engine.kernels.sum_of_squares(pointer, count)
  }

  /// Adds `others`, each times `factor`.
  package func add(_ others: StorageSlice, times factor: Double, _ engine: Engine) {
    precondition(others.count == count, "\(others.count) scalars for \(count)")
    engine.kernels.scaled(pointer, true, others.pointer, factor, count)
  }

  /// Moves these weights and their moments by one step of AdamW.
  package func adamW(
    moment1: StorageSlice, moment2: StorageSlice, gradient: StorageSlice, _ numbers: AdamWNumbers,
    _ engine: Engine
  ) {
    for other in [moment1, moment2, gradient] {
      precondition(other.count == count, "\(other.count) scalars for \(count)")
    }
    engine.kernels.adamw(
      pointer, moment1.pointer, moment2.pointer, gradient.pointer, count, numbers.c)
  }
}

/// The numbers of one AdamW step.
package struct AdamWNumbers: Sendable {
  let c: CAdamW

  /// - Parameters:
  ///   - learningRate: With the schedule applied.
  ///   - beta1: The share of the first moment that a step keeps.
  ///   - beta2: The share of the second moment that a step keeps.
  ///   - epsilon: Added to the root of the corrected second moment.
  ///   - weightDecay: λ, which the learning rate multiplies.
  ///   - correction1: What the first moment is divided by, 1 - β₁ᵗ.
  ///   - correction2: What the second moment is divided by, 1 - β₂ᵗ.
  ///   - gradientScale: Multiplies the gradient first.
  package init(
    learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double,
    correction1: Double, correction2: Double, gradientScale: Double
  ) {
    c = CAdamW(
      learning_rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      weight_decay: weightDecay, correction1: correction1, correction2: correction2,
      gradient_scale: gradientScale)
  }
}
