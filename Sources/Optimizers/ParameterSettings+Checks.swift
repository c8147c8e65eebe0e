import Parametrizations

extension ParameterSettings {
  /// Refuses a rate that takes the whole of a weight by itself.
  func checkStep(of rule: String, path: String) throws(OptimizerError) {
    guard learningRate < 1 else {
      throw .stepsPastRadius(rule: rule, parameter: path, learningRate: learningRate)
    }
  }
}
