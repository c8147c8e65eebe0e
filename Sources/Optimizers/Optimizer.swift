package import Parametrizations
package import Tensors

/// The update of one parameter.
///
/// It owns no learning rate: that is in the settings, which are the parametrization's to say.
package protocol Optimizer: Sendable {
  /// What it remembers of each parameter, each with as many scalars, zero before the first update.
  var states: [String] { get }

  /// Moves `weight` against `gradient`.
  ///
  /// - Parameters:
  ///   - weight: What is moved.
  ///   - state: One for each of `states`.
  ///   - gradient: The gradient of the loss.
  ///   - gradientScale: Multiplies the gradient first.
  ///   - settings: The parameter's own, with the schedule already applied.
  ///   - step: Counts updates from 1.
  ///   - engine: Whose kernels do it.
  func update(
    _ weight: StorageSlice, state: [StorageSlice], gradient: StorageSlice, gradientScale: Double,
    settings: ParameterSettings, step: Int, _ engine: Engine)
}
