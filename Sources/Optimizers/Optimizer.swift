package import Parametrizations
package import Tensors

/// An update rule: how gradients move the parameters of a model.
///
/// It owns no learning rate: that is in the settings of each parameter, which are the
/// parametrization's to say, with the schedule applied.
package protocol Optimizer: Sendable {
  /// What it remembers of a parameter.
  ///
  /// - Throws: When the rule is not for such a parameter.
  func states(of spec: ParameterSpec) throws(OptimizerError) -> [OptimizerState]

  /// Refuses settings with which its steps mean nothing; what only diverges is not refused.
  ///
  /// - Parameters:
  ///   - settings: With the peak learning rate.
  ///   - spec: Of the parameter.
  ///   - path: Of the parameter, for people.
  /// - Throws: `.stepsPastRadius`, `.zeroMatrix`.
  func check(
    _ settings: ParameterSettings, of spec: ParameterSpec, path: String
  ) throws(OptimizerError)

  /// The numbers that it needs for a while to move a parameter, beside what it remembers.
  ///
  /// Parameters are moved one after another, so a model takes the most of them, not their sum.
  func scratchScalars(of spec: ParameterSpec) -> Int

  /// What it remembers of the model as a whole, by what each number begins at.
  var numbers: [Double] { get }

  /// Moves every parameter once.
  ///
  /// - Parameters:
  ///   - parameters: All that it moves, always in the same order.
  ///   - step: What is true of all of them; its `numbers` are what `numbers` began at.
  ///   - engine: Whose kernels do it.
  func move(_ parameters: [OptimizedParameter], _ step: inout OptimizerStep, _ engine: Engine)

  /// Whether the model is judged and kept at other weights than those that gradients are taken at.
  var judgesElsewhere: Bool { get }

  /// Writes the weights at which the model is judged.
  ///
  /// - Parameters:
  ///   - parameter: As it is after the last step.
  ///   - weights: Where they go.
  func writeJudged(_ parameter: OptimizedParameter, into weights: StorageSlice)
}

extension Optimizer {
  package func check(
    _ settings: ParameterSettings, of spec: ParameterSpec, path: String
  ) {}

  package func scratchScalars(of spec: ParameterSpec) -> Int { 0 }

  package var numbers: [Double] { [] }

  package var judgesElsewhere: Bool { false }

  package func writeJudged(_ parameter: OptimizedParameter, into weights: StorageSlice) {
    weights.copy(from: parameter.weight)
  }
}

/// A rule that moves each parameter by what it knows of that one alone.
package protocol SeparateOptimizer: Optimizer {
  /// Moves one parameter, in either precision.
  func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine)
}

extension SeparateOptimizer {
  package func move(
    _ parameters: [OptimizedParameter], _ step: inout OptimizerStep, _ engine: Engine
  ) {
    for parameter in parameters {
      switch engine.precision {
      case .single: move(ParameterBuffers<Float>(parameter), step, engine)
      case .double: move(ParameterBuffers<Double>(parameter), step, engine)
      }
    }
  }
}

/// What one update is made of besides the parameters.
package struct OptimizerStep: Sendable {
  /// Counts updates from 1.
  package var number: Int
  /// The mean loss of the batch whose gradients these are, before the weights move.
  package var loss: Double
  /// Multiplies every gradient first, which is how they are clipped.
  package var gradientScale: Double
  /// What the rule remembers of the model as a whole.
  package var numbers: [Double]

  package init(number: Int, loss: Double, gradientScale: Double = 1, numbers: [Double] = []) {
    self.number = number
    self.loss = loss
    self.gradientScale = gradientScale
    self.numbers = numbers
  }
}
