/// Why a model cannot be given its settings.
package enum ParametrizationError: Error, Hashable {
  case unknown(String, known: [String])
  case noRule(ParameterRole, parametrization: String)
  /// A learning rate for parameters that the model does not have.
  case unknownPart(String, known: [String])
}

extension ParametrizationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknown(let name, let known):
      "there is no parametrization `\(name)`; use one of \(known.joined(separator: ", "))"
    case .noRule(let role, let parametrization):
      "parametrization `\(parametrization)` has no rule for the role `\(role.rawValue)`; "
        + "choose another parametrization"
    case .unknownPart(let name, let known):
      "`learning_rate_by_role` names `\(name)`, and the model has no such role or parameter; it has "
        + known.joined(separator: ", ")
    }
  }
}
