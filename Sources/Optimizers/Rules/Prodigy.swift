import Foundation
package import Parametrizations
import Runs
package import Tensors

/// D-Adaptation that weights late gradients more and measures the distance from the first weights
/// (Mishchenko and Defazio 2023, arXiv 2306.06101, as the package prodigyopt has it).
///
/// The learning rate multiplies the estimate; 1 leaves it.
package struct Prodigy: Optimizer {
  package let beta1: Double
  package let beta2: Double
  /// The share of the sums of the estimate that a step keeps; by default the root of β₂.
  package let beta3: Double
  /// The first estimate of the distance.
  package let firstDistance: Double
  /// Multiplies the estimate.
  package let distanceScale: Double
  /// The most that the estimate grows by in a step.
  package let growth: Double
  package let isBiasCorrected: Bool
  /// Whether the sums of the estimate are free of the schedule, for warm-ups.
  package let guardsWarmup: Bool
  /// Whether λ times the weight is added to the gradient, in place of shrinking the weight.
  package let isCoupled: Bool

  package init(
    beta1: Double, beta2: Double, beta3: Double? = nil, firstDistance: Double,
    distanceScale: Double = 1, growth: Double = .infinity, isBiasCorrected: Bool = false,
    guardsWarmup: Bool = false, isCoupled: Bool = false
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.beta3 = beta3 ?? beta2.squareRoot()
    self.firstDistance = firstDistance
    self.distanceScale = distanceScale
    self.growth = growth
    self.isBiasCorrected = isBiasCorrected
    self.guardsWarmup = guardsWarmup
    self.isCoupled = isCoupled
  }

  /// The distance, the greatest estimate, and the numerator of the estimate.
  package var numbers: [Double] { [firstDistance, firstDistance, 0] }

  package func states(of spec: ParameterSpec) -> [OptimizerState] {
    ["moment1", "moment2", "gradient_sum"].map { OptimizerState($0, like: spec) }
      + [OptimizerState("first_weight", like: spec, from: .weights)]
  }

  package func move(
    _ parameters: [OptimizedParameter], _ step: inout OptimizerStep, _ engine: Engine
  ) {
    switch engine.precision {
    case .single: move(parameters.map(ParameterBuffers<Float>.init), &step)
    case .double: move(parameters.map(ParameterBuffers<Double>.init), &step)
    }
  }

  private func move<Scalar: EngineScalar>(
    _ parameters: [ParameterBuffers<Scalar>], _ step: inout OptimizerStep
  ) {
    let correction =
      isBiasCorrected
      ? (1 - pow(beta2, Double(step.number))).squareRoot() / (1 - pow(beta1, Double(step.number)))
      : 1
    let distance = step.numbers[0]
    let rates = parameters.map { distance * $0.settings.learningRate * correction }
    var (numerator, sum) = (beta3 * step.numbers[2], 0.0)
    for (parameter, rate) in zip(parameters, rates) {
      let (dot, absolute) = gather(parameter, rate, distance, step.gradientScale)
      numerator += distance / firstDistance * rate * dot
      sum += absolute
    }
    guard sum > 0, rates.contains(where: { $0 > 0 }) else { return }
    step.numbers[2] = numerator
    let estimate = distanceScale * numerator / sum
    step.numbers[1] = max(step.numbers[1], estimate)
    let grown = distance == firstDistance ? max(distance, estimate) : distance
    step.numbers[0] = min(step.numbers[1], grown * growth)
    for (parameter, rate) in zip(parameters, rates) {
      apply(parameter, rate, distance: step.numbers[0])
    }
  }

  /// Takes the gradients in.
  ///
  /// - Returns: The gradients times the way from the first weights, and the size of their sum.
  private func gather<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ rate: Double, _ distance: Double,
    _ gradientScale: Double
  ) -> (dot: Double, absolute: Double) {
    let (first, second, sums) = (parameter.states[0], parameter.states[1], parameter.states[2])
    let (weight, start) = (parameter.weight, parameter.states[3])
    let decay = isCoupled ? Scalar(parameter.settings.weightDecay) : 0
    let scale = Scalar(gradientScale)
    let sumRate = Scalar(distance / firstDistance * (guardsWarmup ? distance : rate))
    let (beta1, rest1) = (Scalar(beta1), Scalar((1 - beta1) * distance))
    let (beta2, rest2) = (Scalar(beta2), Scalar((1 - beta2) * distance * distance))
    let beta3 = Scalar(beta3)
    var (dot, absolute) = (0.0, 0.0)
    for index in weight.indices {
      let gradient = scale * parameter.gradient[index] + decay * weight[index]
      dot += Double(gradient * (start[index] - weight[index]))
      first[index] = beta1 * first[index] + rest1 * gradient
      second[index] = beta2 * second[index] + rest2 * gradient * gradient
      sums[index] = beta3 * sums[index] + sumRate * gradient
      absolute += Double(abs(sums[index]))
    }
    return (dot, absolute)
  }

  private func apply<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ rate: Double, distance: Double
  ) {
    // The step has the distance before the estimate, and ε the one after it.
    let epsilon = Scalar(distance * parameter.settings.epsilon)
    let shrinking = isCoupled ? 1 : Scalar(1 - rate * parameter.settings.weightDecay)
    let rate = Scalar(rate)
    let (weight, first, second) = (parameter.weight, parameter.states[0], parameter.states[1])
    for index in weight.indices {
      weight[index] =
        shrinking * weight[index] - rate * first[index] / (second[index].squareRoot() + epsilon)
    }
  }
}

extension Prodigy {
  static let kind = OptimizerKind(
    "prodigy", source: "Mishchenko and Defazio 2023, arXiv 2306.06101",
    reference: "prodigyopt's Prodigy", common: [.betas, .epsilon],
    decays: [.decoupled, .coupled],
    settings: OptimizerSetting.distance + [
      OptimizerSetting(
        "beta3", .number(.below(0..<1), standard: nil),
        "the share of the estimate's sums that a step keeps; by default the root of the second beta"
      ),
      OptimizerSetting(
        "distance_scale", .number(.size, standard: 1), "multiplies the estimate"),
      OptimizerSetting(
        "guards_warmup", .flag(standard: false), "whether the estimate is free of a warm-up"),
    ],
    scalesRates: true
  ) { settings throws(OptimizerError) in
    Prodigy(
      beta1: settings.beta1, beta2: settings.beta2, beta3: settings.optional("beta3"),
      firstDistance: settings.number("first_distance"),
      distanceScale: settings.number("distance_scale"),
      growth: settings.optional("growth") ?? .infinity,
      isBiasCorrected: settings.flag("bias_corrected"),
      guardsWarmup: settings.flag("guards_warmup"), isCoupled: settings.isCoupled)
  }
}
