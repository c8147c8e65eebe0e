extension Parametrization {
  package static let all: [Parametrization] = [.standard]

  /// The parametrization of this name.
  package static func named(_ name: String) throws(ParametrizationError) -> Self {
    guard let known = all.first(where: { $0.name == name }) else {
      throw .unknown(name, known: all.map(\.name))
    }
    return known
  }

  /// One learning rate for all; matrices begin at one over the root of their fan-in.
  ///
  /// The embedding, whose rows are looked up and not summed, begins at a fixed scale.
  package static let standard = Parametrization(
    name: "standard",
    source: "the values in brackets of Yang et al. 2022, arXiv 2203.03466, Table 3",
    rules: Dictionary(
      uniqueKeysWithValues: ParameterRole.allCases.map { role in
        switch role {
        case .hidden, .output, .router, .expertUp, .expertGate, .expertDown:
          (role, ParameterRule(initStd: [.fanIn: -0.5]))
        case .embedding, .norm, .bias, .scalar:
          (role, ParameterRule())
        }
      }),
    initStd: Dictionary(
      uniqueKeysWithValues: ParameterRole.allCases.map { role in
        switch role {
        case .embedding: (role, 0.02)
        case .norm, .bias, .scalar: (role, 0)
        default: (role, 1)
        }
      }),
    attentionScale: [.fanIn: -0.5])
}
