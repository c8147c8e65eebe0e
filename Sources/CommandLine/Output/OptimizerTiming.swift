import Foundation
import Optimizers
import Parametrizations
import Runs
import Tensors

/// How long a step of a rule takes for one square matrix on this machine.
struct OptimizerTiming {
  private static let side = 1024
  private static let steps = 5
  private static let rounds = 3

  /// The least over some rounds of the mean of some steps.
  let nanosecondsPerParameter: Double

  init(_ kind: OptimizerKind) throws {
    var description = OptimizerDescription()
    description.name = kind.name
    description.weightDecay = 0
    if kind.needsPlainLoss { description.clip = nil }
    for setting in kind.settings {
      // Where one must be given, any is as fast.
      guard case .choice(let words, nil) = setting.value, let word = words.first else { continue }
      description.settings[setting.name] = .text(word)
    }
    let rule = try kind.optimizer(description)
    let engine = try Engine(.single)
    var (parameter, numbers) = (try Self.parameter(of: rule, engine), rule.numbers)
    var number = 0
    var least = Double.infinity
    for _ in 0..<Self.rounds {
      let start = ContinuousClock.now
      for _ in 0..<Self.steps {
        number += 1
        var step = OptimizerStep(number: number, loss: 2, gradientScale: 0.5, numbers: numbers)
        rule.move([parameter], &step, engine)
        numbers = step.numbers
      }
      parameter.settings.learningRate /= 2
      least = min(least, (ContinuousClock.now - start) / .nanoseconds(Self.steps))
    }
    nanosecondsPerParameter = least / Double(Self.side * Self.side)
  }

  private static func parameter(
    of rule: any Optimizer, _ engine: Engine
  ) throws -> OptimizedParameter {
    let spec = ParameterSpec(role: .hidden, shape: ParameterShape(fanOut: side, fanIn: side))
    var random = KeyedRandom(seed: 1)
    func filled(_ count: Int) throws -> StorageSlice {
      let storage = try Storage(.single, count: count).whole
      for index in 0..<count { storage[index] = random.normal() / 32 }
      return storage
    }
    let weight = try filled(spec.shape.count)
    let gradient = try filled(spec.shape.count)
    let states = try rule.states(of: spec).map { state in
      let storage = try Storage(.single, count: state.count).whole
      switch state.start {
      case .zero: break
      case .weights: storage.copy(from: weight)
      case .norms: storage[0] = weight.sumOfSquares(engine).squareRoot()
      case .random: for index in 0..<state.count { storage[index] = random.normal() }
      }
      return storage
    }
    return OptimizedParameter(
      spec: spec, weight: weight, gradient: gradient, states: states,
      settings: ParameterSettings(
        initStd: 1, learningRate: 1e-3, weightDecay: 0, epsilon: 1e-8))
  }
}
