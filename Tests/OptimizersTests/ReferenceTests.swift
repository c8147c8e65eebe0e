import Foundation
import Optimizers
import Parametrizations
import Tensors
import Testing

/// Every rule against the published implementation of it, or a closed form where there is none.
@Suite struct ReferenceTests {
  private static let python = ProcessInfo.processInfo.environment["VERNIER_OPTIMIZERS"]

  /// Weights are compared in float, whose roundings the reference has too.
  private static func tolerance(_ reference: ReferenceCase, _ precision: Precision) -> Double {
    max(1e-6, 4 * reference.rounding)
  }

  @Test("steps are those of the reference implementation", arguments: Precision.allCases)
  func steps(precision: Precision) throws {
    let document = try ReferenceDocument(python: Self.python)
    var seen: Set<String> = []
    for reference in document.cases {
      guard let rule = reference.rule() else { continue }
      seen.insert(reference.optimizer)
      let found = try Self.run(reference, rule, document.problem, precision)
      let tolerance = Self.tolerance(reference, precision)
      for name in reference.tensors {
        for (row, step) in reference.steps.enumerated() {
          let expected = reference.weights[name]?[row] ?? []
          let weights = found.weights[step - 1][name] ?? []
          let error = zip(weights, expected).map { abs($0 - $1) }.max() ?? .infinity
          #expect(error <= tolerance, "\(reference), \(name) after step \(step)")
        }
      }
      for (row, observed) in reference.observed.enumerated() {
        guard case .members(let judged)? = observed["evaluation"] else { continue }
        for (name, expected) in judged {
          let weights = found.judged[reference.steps[row] - 1][name] ?? []
          let error = zip(weights, expected.numbers).map { abs($0 - $1) }.max() ?? .infinity
          #expect(error <= tolerance, "\(reference), \(name) judged after \(reference.steps[row])")
        }
      }
    }
    #expect(seen.count >= 18, "only \(seen.sorted())")
  }

  /// What a rule makes of the problem, by step.
  private struct Found {
    var weights: [[String: [Double]]] = []
    var judged: [[String: [Double]]] = []
  }

  private static func run(
    _ reference: ReferenceCase, _ rule: any Optimizer, _ problem: ReferenceDocument.Problem,
    _ precision: Precision
  ) throws -> Found {
    let engine = try Engine(precision)
    var parameters: [OptimizedParameter] = []
    for name in reference.tensors {
      let tensor = try #require(problem.tensors[name])
      let isLookedUp = reference.name == "rows of an embedding"
      let heads = reference.members("heads")[name]?.numbers.first.map { Int($0) }
      let spec = ReferenceProblem.spec(
        name, tensor.shape, as: isLookedUp ? .embedding : .hidden, heads: heads)
      let weight = try Storage(precision, of: tensor.initial).whole
      var states: [StorageSlice] = []
      for state in try rule.states(of: spec) {
        let storage = try Storage(precision, count: state.count)
        switch state.start {
        case .zero: break
        case .weights: storage.whole.copy(from: weight)
        case .norms:
          storage.whole[0] = tensor.initial.reduce(0) { $0 + $1 * $1 }.squareRoot()
        case .random:
          guard case .members(let basis)? = reference.settings["basis"] else { break }
          for (index, value) in (basis[name]?.numbers ?? []).enumerated() {
            storage.whole[index] = value
          }
        }
        states.append(storage.whole)
      }
      parameters.append(
        OptimizedParameter(
          spec: spec, weight: weight, gradient: try Storage(precision, of: tensor.initial).whole,
          states: states,
          settings: ParameterSettings(
            initStd: 1, learningRate: 0, weightDecay: 0,
            epsilon: reference.optional("epsilon") ?? 0)))
    }
    var found = Found()
    var numbers = rule.numbers
    var undecayed: Set<String> = []
    if case .list(let names)? = reference.settings["undecayed"] {
      for case .text(let name) in names { undecayed.insert(name) }
    }
    let warmup = reference.optional("warmup_steps") ?? 0
    for (index, learningRate) in reference.learningRates.enumerated() {
      let rate = warmup > 0 ? learningRate * min(1, Double(index + 1) / warmup) : learningRate
      for (place, name) in reference.tensors.enumerated() {
        parameters[place].settings.learningRate = rate
        parameters[place].settings.weightDecay =
          undecayed.contains(name) ? 0 : reference.weightDecay
        for (at, value) in (problem.tensors[name]?.gradients[index] ?? []).enumerated() {
          // Half of twice the gradient is the gradient, and shows whether the scale is heeded.
          parameters[place].gradient[at] = 2 * value
        }
      }
      var step = OptimizerStep(
        number: index + 1, loss: problem.losses[index], gradientScale: 0.5, numbers: numbers)
      rule.move(parameters, &step, engine)
      numbers = step.numbers
      found.weights.append(
        Dictionary(
          uniqueKeysWithValues: zip(reference.tensors, parameters.map(\.weight.values))))
      found.judged.append(try judged(parameters, reference.tensors, rule, precision))
    }
    return found
  }

  private static func judged(
    _ parameters: [OptimizedParameter], _ names: [String], _ rule: any Optimizer,
    _ precision: Precision
  ) throws -> [String: [Double]] {
    var judged: [String: [Double]] = [:]
    for (name, parameter) in zip(names, parameters) {
      let weights = try Storage(precision, count: parameter.weight.count)
      rule.writeJudged(parameter, into: weights.whole)
      judged[name] = weights.whole.values
    }
    return judged
  }
}

extension StorageSlice {
  fileprivate var values: [Double] { (0..<count).map { self[$0] } }
}

extension Storage {
  fileprivate convenience init(_ precision: Precision, of values: [Double]) throws {
    try self.init(precision, count: values.count)
    for (index, value) in values.enumerated() { whole[index] = value }
  }
}
