import Runs

/// Why a rule cannot be used as it is asked for: what, and what to do.
package enum OptimizerError: Error, Hashable {
  /// A rule of matrices for something else.
  case notAMatrix(rule: String, role: String)
  /// A matrix that is all zeros, whose norm a rule keeps.
  case zeroMatrix(parameter: String)
  /// A rate that is a share of what weights are, and takes the whole of it.
  case stepsPastRadius(rule: String, parameter: String, learningRate: Double)
  case unknownRule(String, nearest: String?)
  case unknownSetting(rule: String, setting: String, known: [String], nearest: String?)
  case badSetting(rule: String, setting: String, value: String, expected: String)
}

extension OptimizerError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAMatrix(let rule, let role):
      "\(rule) moves matrices, and a parameter of the role \(role) is none; leave that role to another rule"
    case .zeroMatrix(let parameter):
      "the optimizer keeps each matrix at its first norm, and \(parameter) begins at zero; give it a "
        + "standard deviation above 0, or leave its role to another rule"
    case .stepsPastRadius(let rule, let parameter, let learningRate):
      "a learning rate of \(rule) is the share of a weight that a step replaces, and that of "
        + "\(parameter) is \(learningRate.plain) at its peak; give one below 1"
    case .unknownRule(let name, let nearest):
      "there is no optimizer \(name)" + (nearest.map { "; did you mean \($0)?" } ?? "")
        + "; vernier optimizers lists them"
    case .unknownSetting(let rule, let setting, let known, let nearest):
      "\(rule) has no setting \(setting)" + (nearest.map { "; did you mean \($0)?" } ?? "")
        + "; it has \(known.isEmpty ? "none" : known.joined(separator: ", "))"
    case .badSetting(let rule, let setting, let value, let expected):
      "\(setting) of \(rule) is \(value); give \(expected)"
    }
  }
}
