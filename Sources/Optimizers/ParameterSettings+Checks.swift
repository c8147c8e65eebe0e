import Parametrizations

extension ParameterSettings {
  /// Refuses a rate that takes the whole of a weight by itself.
  func checkStep(of rule: String, path: String) throws(OptimizerError) {
    guard learningRate < 1 else {
      throw .stepsPastRadius(rule: rule, parameter: path, learningRate: learningRate)
    }
  }

  /// Refuses a matrix that begins at zero, for a rule that keeps its first norm.
  func checkFirstNorm(path: String) throws(OptimizerError) {
    guard initStd > 0 else { throw .zeroMatrix(parameter: path) }
  }
}
