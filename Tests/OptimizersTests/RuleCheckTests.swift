import Optimizers
import Parametrizations
import Runs
import Tensors
import Testing

/// What rules refuse before anything runs, and what they do where packages do something else.
@Suite struct RuleCheckTests {
  private static let matrix = ParameterSpec(
    role: .hidden, shape: ParameterShape(fanOut: 8, fanIn: 12))

  private func rule(
    _ name: String, coupled: Bool = false, _ settings: [String: OptimizerDescription.Setting] = [:]
  ) throws -> any Optimizer {
    let kind = try OptimizerCatalog.kind(name)
    var description = OptimizerDescription()
    description.name = name
    description.settings = settings
    description.weightDecay = 0
    if coupled { (description.weightDecay, description.decayConvention) = (2, .coupled) }
    if kind.needsPlainLoss { description.clip = nil }
    if ["muon", "normuon"].contains(name) { description.settings["scale"] = .text("original") }
    return try kind.optimizer(description)
  }

  private func refuses(
    _ rule: any Optimizer, rate: Double, decay: Double, _ spec: ParameterSpec = matrix,
    initStd: Double = 0.1
  ) -> OptimizerError? {
    do {
      try rule.check(
        ParameterSettings(initStd: initStd, learningRate: rate, weightDecay: decay, epsilon: 1e-8),
        of: spec, path: "blocks.0.up")
      return nil
    } catch {
      return error
    }
  }

  @Test("a rate that is a share of the weight is below 1", arguments: ["adamh", "muonh", "scion"])
  func share(name: String) throws {
    let rule = try rule(name)
    let refused = refuses(rule, rate: 1, decay: 0)
    #expect(refused?.description.contains("blocks.0.up is 1 at its peak; give one below 1") == true)
    #expect(refuses(rule, rate: 0.99, decay: 0) == nil)
    // What AdamW moves has no such bound, and what is not constrained neither.
    let gain = ParameterSpec(role: .norm, shape: ParameterShape(fanOut: 8, fanIn: 1))
    if name != "scion" { #expect(refuses(rule, rate: 5, decay: 0, gain) == nil) }
    let free = try self.rule("scion", ["constrained": .flag(false)])
    #expect(refuses(free, rate: 5, decay: 0) == nil)
  }

  @Test("a matrix that begins at zero has no norm to be kept at", arguments: ["adamh", "muonh"])
  func zeroMatrix(name: String) throws {
    let rule = try rule(name)
    let refused = refuses(rule, rate: 0.1, decay: 0, initStd: 0)
    #expect(refused == .zeroMatrix(parameter: "blocks.0.up"))
    #expect(refused?.description.contains("blocks.0.up begins at zero") == true)
    // AdamW, which moves all else, goes on from zero.
    let gain = ParameterSpec(role: .norm, shape: ParameterShape(fanOut: 8, fanIn: 1))
    #expect(refuses(rule, rate: 0.1, decay: 0, gain, initStd: 0) == nil)
    #expect(refuses(try self.rule("muon"), rate: 0.1, decay: 0, initStd: 0) == nil)
  }

  /// Parameters of one or more numbers under given gradients, in double.
  private func moved(
    _ rule: any Optimizer, _ weights: [[Double]], gradients: [[[Double]]], rates: [Double],
    decay: Double = 0
  ) throws -> [[Double]] {
    let engine = try Engine(.double)
    func slice(_ values: [Double]) throws -> StorageSlice {
      let slice = try Storage(.double, count: values.count).whole
      for (place, value) in values.enumerated() { slice[place] = value }
      return slice
    }
    let parameters = try zip(weights, rates).map { weights, rate in
      let spec = ParameterSpec(role: .norm, shape: ParameterShape(fanOut: weights.count, fanIn: 1))
      return OptimizedParameter(
        spec: spec, weight: try slice(weights), gradient: try slice(weights),
        states: try rule.states(of: spec).map { try Storage(.double, count: $0.count).whole },
        settings: ParameterSettings(
          initStd: 1, learningRate: rate, weightDecay: decay, epsilon: 1e-8))
    }
    var numbers = rule.numbers
    for (number, gradients) in gradients.enumerated() {
      for (parameter, gradient) in zip(parameters, gradients) {
        for (place, value) in gradient.enumerated() { parameter.gradient[place] = value }
      }
      var step = OptimizerStep(number: number + 1, loss: 1, numbers: numbers)
      rule.move(parameters, &step, engine)
      numbers = step.numbers
    }
    return parameters.map { parameter in
      (0..<parameter.weight.count).map { parameter.weight[$0] }
    }
  }

  @Test("D-Adaptation decays each parameter by its own rate")
  func ownDecay() throws {
    let rule = DAdaptation(beta1: 0.9, beta2: 0.99, firstDistance: 0.1)
    let gradients = [[[0.0, 1], [0.0, 1]]]
    let rates = [1, 0.25]
    let found = try moved(rule, [[2, 0], [2, 0]], gradients: gradients, rates: rates, decay: 0.5)
    #expect(abs(found[0][0] - 2 * (1 - 0.1 * 0.5)) < 1e-12)
    #expect(abs(found[1][0] - 2 * (1 - 0.1 * 0.25 * 0.5)) < 1e-12)
  }

  @Test("SGD-SaI waits for a gradient that is not 0, and moves what has no deviation as SGD does")
  func firstGradient() throws {
    let rule = SGDSaI(momentum: 0)
    let (nothing, something) = ([0.0, 0, 0], [3.0, 4, 0])
    let late = try moved(rule, [[1, 1, 1]], gradients: [[nothing], [something]], rates: [0.1])
    let first = try moved(rule, [[1, 1, 1]], gradients: [[something]], rates: [0.1])
    #expect(late == first && first[0][0] < 1)
    let single = try moved(rule, [[1], [1, 1]], gradients: [[[3], [2, 2]]], rates: [0.1, 0.1])
    #expect(single.map { $0.map { ($0 * 1e9).rounded() / 1e9 } } == [[0.7], [0.8, 0.8]])
  }
}
