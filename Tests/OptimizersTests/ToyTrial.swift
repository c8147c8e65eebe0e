import Foundation
import Optimizers
import Parametrizations
import Runs
import Tensors

/// One rule on one toy problem, at several peak rates that a line takes to 0.
struct ToyTrial {
  static let steps = 200
  /// Two in each power of ten.
  static let rates = (-8...2).map { pow(10, Double($0) / 2) }

  let kind: OptimizerKind
  let problem: ToyProblem

  /// The loss after all steps over that at the start, at the best of the rates that the rule takes.
  func best() throws -> Double {
    let found = try Self.rates.compactMap { try ratio(at: $0) }
    return found.filter(\.isFinite).min() ?? .infinity
  }

  /// What the rule is told here; all else is as it is usually.
  private var description: OptimizerDescription {
    var description = OptimizerDescription()
    description.name = kind.name
    description.weightDecay = 0
    if kind.needsPlainLoss { description.clip = nil }
    switch kind.name {
    case "muon", "normuon": description.settings["scale"] = .text("original")
    // Weights need not stay in a ball, whose radius would be one more setting to find.
    case "scion":
      description.settings = ["constrained": .flag(false), "radius": .number(1)]
    case "dion": description.settings["rank_fraction"] = .number(1)
    default: break
    }
    return description
  }

  /// - Returns: `nil` where the rule refuses the rate.
  private func ratio(at rate: Double) throws -> Double? {
    let rule = try kind.optimizer(description)
    var parameters = try problem.start.enumerated().map { index, matrix in
      try Self.parameter(matrix, index, of: rule, rate)
    }
    for (index, parameter) in parameters.enumerated() {
      do {
        try rule.check(parameter.settings, of: parameter.spec, path: "\(index)")
      } catch {
        return nil
      }
    }
    let engine = try Engine(.double)
    var numbers = rule.numbers
    for number in 1...Self.steps {
      let sample = problem.sample(parameters.map { Self.matrix($0.spec, $0.weight) }, number)
      // Clipped as a run's gradients are, where a rule does not forbid it.
      let norm = sample.gradients.reduce(0) { $0 + $1.product(with: $1) }.squareRoot()
      let scale = description.clip.map { min(1, $0 / max(norm, 1e-300)) } ?? 1
      let factor =
        kind.wantsNoDecay ? 1 : 1 - (Double(number) - 0.5) / Double(Self.steps)
      for (index, gradient) in sample.gradients.enumerated() {
        parameters[index].settings.learningRate = rate * factor
        for (place, value) in gradient.values.enumerated() {
          parameters[index].gradient[place] = value
        }
      }
      var step = OptimizerStep(
        number: number, loss: sample.loss, gradientScale: scale, numbers: numbers)
      rule.move(parameters, &step, engine)
      numbers = step.numbers
    }
    let judged = try parameters.map { parameter in
      let weights = try Storage(.double, count: parameter.weight.count).whole
      rule.writeJudged(parameter, into: weights)
      return Self.matrix(parameter.spec, weights)
    }
    return problem.loss(judged) / problem.loss(problem.start)
  }

  private static func parameter(
    _ matrix: ToyMatrix, _ index: Int, of rule: any Optimizer, _ rate: Double
  ) throws -> OptimizedParameter {
    let spec = ParameterSpec(
      role: .hidden, shape: ParameterShape(fanOut: matrix.rows, fanIn: matrix.columns))
    let weight = try Storage(.double, count: spec.shape.count).whole
    for (place, value) in matrix.values.enumerated() { weight[place] = value }
    var random = KeyedRandom(seed: 2, UInt64(index))
    let states = try rule.states(of: spec).map { state in
      let storage = try Storage(.double, count: state.count).whole
      switch state.start {
      case .zero: break
      case .weights: storage.copy(from: weight)
      case .norms: storage[0] = matrix.norm
      case .random: for place in 0..<state.count { storage[place] = random.normal() }
      }
      return storage
    }
    return OptimizedParameter(
      spec: spec, weight: weight, gradient: try Storage(.double, count: spec.shape.count).whole,
      states: states,
      settings: ParameterSettings(initStd: 1, learningRate: rate, weightDecay: 0, epsilon: 1e-8))
  }

  private static func matrix(_ spec: ParameterSpec, _ slice: StorageSlice) -> ToyMatrix {
    var matrix = ToyMatrix(spec.shape.fanOut, spec.shape.fanIn)
    for place in matrix.values.indices { matrix.values[place] = slice[place] }
    return matrix
  }
}
