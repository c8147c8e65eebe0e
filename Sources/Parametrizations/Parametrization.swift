/// A way of scaling settings with model size, as a table and nothing else.
package struct Parametrization: Hashable, Codable, Sendable {
  package var name: String
  /// The paper and the table within it that the exponents are taken from.
  package var source: String
  /// How the settings of each role grow from those of a parameter with fan-in and fan-out one.
  package var rules: [ParameterRole: ParameterRule]
  /// The standard deviation of each role's first values at fan-in and fan-out one.
  package var initStd: [ParameterRole: Double]
  /// The multiplier of what a residual branch adds, by depth.
  package var residualBranch: ScalingExponents
  /// The multiplier of query-key products, by head width, which counts as their fan-in.
  package var attentionScale: ScalingExponents

  package init(
    name: String, source: String, rules: [ParameterRole: ParameterRule],
    initStd: [ParameterRole: Double], residualBranch: ScalingExponents = [:],
    attentionScale: ScalingExponents
  ) {
    self.name = name
    self.source = source
    self.rules = rules
    self.initStd = initStd
    self.residualBranch = residualBranch
    self.attentionScale = attentionScale
  }
}

extension Parametrization {
  /// Every setting of every parameter of `model`.
  ///
  /// - Throws: `.noRule` for a role of the model that the parametrization says nothing of.
  package func settings(
    for model: ModelShape, base: BaseSettings
  ) throws(ParametrizationError) -> ModelSettings {
    var ratios = ScaleRatios()
    ratios.depth = Double(model.layers)
    let parameters = try model.parameters.map {
      (_, spec) throws(ParametrizationError) -> ParameterSettings in
      guard let rule = rules[spec.role], let initStd = initStd[spec.role] else {
        throw .noRule(spec.role, parametrization: name)
      }
      var ratios = ratios
      ratios.fanIn = Double(spec.shape.fanIn)
      ratios.fanOut = Double(spec.shape.fanOut)
      let unit = ParameterSettings(
        initStd: initStd, learningRate: base.learningRate,
        weightDecay: spec.role.isDecayed ? base.weightDecay : 0, epsilon: base.epsilon)
      return rule.settings(from: unit, at: ratios)
    }
    var head = ScaleRatios()
    head.fanIn = Double(model.headWidth)
    return ModelSettings(
      parameters: parameters, residualBranch: residualBranch(ratios),
      attentionScale: attentionScale(head))
  }
}

extension ParameterRole {
  /// Gains and biases are left out of weight decay, as is the custom since GPT-2.
  var isDecayed: Bool {
    switch self {
    case .norm, .bias, .scalar: false
    default: true
    }
  }
}
