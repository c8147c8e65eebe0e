import Parametrizations
import Testing

@Suite struct StandardParametrizationTests {
  private static let base = BaseSettings(learningRate: 3e-3, weightDecay: 0.1, epsilon: 1e-8)

  private func model(_ roles: [ParameterRole], fanIn: Int = 64) -> ModelShape {
    var tree = ParameterTree<ParameterSpec>()
    for role in roles {
      tree.append(
        ParameterSpec(role: role, shape: ParameterShape(fanOut: 32, fanIn: fanIn)),
        at: ParameterPath(role.rawValue))
    }
    return ModelShape(layers: 4, headWidth: 16, parameters: tree)
  }

  @Test("every role has a rule, and one learning rate for all")
  func everyRole() throws {
    let settings = try Parametrization.standard.settings(
      for: model(ParameterRole.allCases), base: Self.base)
    for leaf in settings.parameters.leaves {
      #expect(leaf.learningRate == 3e-3)
      #expect(leaf.epsilon == 1e-8)
      #expect(leaf.multiplier == 1)
    }
    #expect(settings.residualBranch == 1)
    #expect(settings.attentionScale == 0.25)
    #expect(settings.tiedOutput == 1)
  }

  @Test("matrices begin at one over the root of their fan-in, the embedding at a fixed scale")
  func initialization() throws {
    func std(_ role: ParameterRole, fanIn: Int) throws -> Double? {
      try Parametrization.standard.settings(for: model([role], fanIn: fanIn), base: Self.base)
        .parameters[ParameterPath(role.rawValue)]?.initStd
    }
    for role in [ParameterRole.hidden, .output, .router, .expertDown] {
      #expect(try std(role, fanIn: 64) == 0.125)
      #expect(try std(role, fanIn: 256) == 0.0625)
    }
    #expect(try std(.embedding, fanIn: 64) == std(.embedding, fanIn: 256))
  }

  @Test("gains, biases and scalars do not decay")
  func decay() throws {
    let settings = try Parametrization.standard.settings(
      for: model(ParameterRole.allCases), base: Self.base)
    for role in ParameterRole.allCases {
      let decay = settings.parameters[ParameterPath(role.rawValue)]?.weightDecay
      let none: [ParameterRole] = [.norm, .bias, .scalar]
      #expect(decay == (none.contains(role) ? 0 : 0.1), "\(role)")
    }
  }

  @Test("a role without a rule is an error")
  func missingRule() throws {
    var broken = Parametrization.standard
    broken.rules[.router] = nil
    #expect(throws: ParametrizationError.noRule(.router, parametrization: "standard")) {
      try broken.settings(for: model([.hidden, .router]), base: Self.base)
    }
  }

  @Test("an unknown name is told with the known ones")
  func unknown() throws {
    #expect(throws: ParametrizationError.unknown("mup", known: ["standard"])) {
      try Parametrization.named("mup")
    }
    #expect(try Parametrization.named("standard") == .standard)
  }

  @Test("exponents are those of a monomial")
  func exponents() {
    var ratios = ScaleRatios()
    (ratios.fanIn, ratios.depth, ratios.tokens) = (4, 9, 2)
    let exponents: ScalingExponents = [.fanIn: -1, .depth: 0.5]
    #expect(exponents(ratios) == 0.75)
  }
}
