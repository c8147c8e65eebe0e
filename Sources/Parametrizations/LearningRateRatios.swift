/// Learning rates of some parameters over those that a parametrization gives them.
///
/// A ratio is named by a role, such as `embedding`, or by the last name of a parameter's path, such as
/// `query`, which goes before its role.
package struct LearningRateRatios: Hashable, Sendable {
  package var ratios: [String: Double]

  package init(_ ratios: [String: Double]) { self.ratios = ratios }

  /// The ratio of a parameter; 1 where none is named.
  package func ratio(of path: ParameterPath, _ spec: ParameterSpec) -> Double {
    ratios[path.lastName] ?? ratios[spec.role.rawValue] ?? 1
  }
}

extension ModelSettings {
  /// Multiplies the learning rates of the parameters that `ratios` names.
  ///
  /// - Parameters:
  ///   - ratios: By role or name.
  ///   - specs: The model's parameters.
  ///   - keepsDecay: Whether weights are to shrink as without it, where decay multiplies the rate.
  /// - Throws: `.unknownPart` for a name that no parameter of the model has.
  package mutating func multiplyLearningRates(
    by ratios: LearningRateRatios, of specs: ParameterTree<ParameterSpec>, keepsDecay: Bool
  ) throws(ParametrizationError) {
    let names = Set(specs.leaves.map(\.role.rawValue)).union(specs.paths.map(\.lastName))
    if let unknown = ratios.ratios.keys.sorted().first(where: { !names.contains($0) }) {
      throw .unknownPart(unknown, known: names.sorted())
    }
    parameters = parameters.map { path, settings in
      let ratio = specs[path].map { ratios.ratio(of: path, $0) } ?? 1
      var settings = settings
      settings.learningRate *= ratio
      if keepsDecay { settings.weightDecay /= ratio }
      return settings
    }
  }
}

extension ParameterPath {
  /// What follows the last dot.
  fileprivate var lastName: String {
    description.split(separator: ".").last.map(String.init) ?? description
  }
}
