package import Parametrizations
package import Tensors

/// Something that a rule remembers of a parameter: an array with a name, which checkpoints keep.
package struct OptimizerState: Hashable, Sendable {
  package enum Start: Hashable, Sendable {
    case zero
    /// The weights as they are before the first step.
    case weights
    /// The norm of each matrix of the stack before the first step.
    case norms
    /// Independent standard normal numbers, named by the parameter's path.
    case random
  }

  package var name: String
  /// Outermost first.
  package var dimensions: [Int]
  package var start: Start

  package init(_ name: String, _ dimensions: [Int], from start: Start = .zero) {
    self.name = name
    self.dimensions = dimensions
    self.start = start
  }

  /// As many numbers as the parameter has, in its own layout.
  package init(_ name: String, like spec: ParameterSpec, from start: Start = .zero) {
    self.init(name, spec.dimensions, from: start)
  }

  package var count: Int { dimensions.reduce(1, *) }
}

/// A parameter as a rule sees it: weight, gradient, and what was remembered.
package struct OptimizedParameter {
  package var spec: ParameterSpec
  package var weight: StorageSlice
  package var gradient: StorageSlice
  /// One for each of `Optimizer.states(of:)`, as each begins before the first step.
  package var states: [StorageSlice]
  /// Its own, with the schedule already applied to the learning rate.
  package var settings: ParameterSettings

  package init(
    spec: ParameterSpec, weight: StorageSlice, gradient: StorageSlice, states: [StorageSlice],
    settings: ParameterSettings
  ) {
    self.spec = spec
    self.weight = weight
    self.gradient = gradient
    self.states = states
    self.settings = settings
  }
}
