import Foundation
package import Parametrizations
package import Tensors

/// AdamW without a schedule: gradients are taken between the iterate and its average, and the average is
/// the model.
///
/// Defazio et al. 2024, arXiv 2405.15682. Decay is by the learning rate times λ at the weights that
/// gradients are taken at. The schedule may warm up; a decay of it does not make the steps shorter in
/// the average, which weights steps by the greatest rate so far.
package struct ScheduleFreeAdamW: Optimizer {
  /// How far gradients are taken from the iterate towards the average; above 0.
  package let beta1: Double
  package let beta2: Double
  /// The power of the step, and of the greatest rate, that weights a step in the average.
  package let stepPower: Double
  package let ratePower: Double

  package init(beta1: Double, beta2: Double, stepPower: Double = 0, ratePower: Double = 2) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.stepPower = stepPower
    self.ratePower = ratePower
  }

  /// The sum of weights in the average, and the greatest rate.
  package var numbers: [Double] { [0, 0] }

  package func states(of spec: ParameterSpec) -> [OptimizerState] {
    [OptimizerState("iterate", like: spec, from: .weights), OptimizerState("moment2", like: spec)]
  }

  package func move(
    _ parameters: [OptimizedParameter], _ step: inout OptimizerStep, _ engine: Engine
  ) {
    let rate = parameters.map(\.settings.learningRate).max() ?? 0
    step.numbers[1] = max(step.numbers[1], rate)
    let weight = pow(Double(step.number), stepPower) * pow(step.numbers[1], ratePower)
    step.numbers[0] += weight
    let share = step.numbers[0] > 0 ? weight / step.numbers[0] : 0
    for parameter in parameters {
      switch engine.precision {
      case .single: move(ParameterBuffers<Float>(parameter), step, share: share)
      case .double: move(ParameterBuffers<Double>(parameter), step, share: share)
      }
    }
  }

  private func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, share: Double
  ) {
    let (weight, iterate, second) = (
      parameter.weight, parameter.states[0], parameter.states[1]
    )
    let adam = AdamDirection<Scalar>(
      beta1: 0, beta2: beta2, epsilon: parameter.settings.epsilon, step: step.number)
    let (scale, rate) = (Scalar(step.gradientScale), parameter.learningRate)
    let (share, decay) = (Scalar(share), Scalar(parameter.settings.weightDecay))
    let (towardsAverage, towardsIterate) = (Scalar(1 - 1 / beta1), Scalar(1 - beta1))
    var unused: Scalar = 0
    for index in weight.indices {
      let gradient = scale * parameter.gradient[index]
      let direction =
        adam.advance(&unused, &second[index], gradient) + decay * weight[index]
      let average = weight[index] + towardsAverage * (iterate[index] - weight[index])
      iterate[index] -= rate * direction
      let newAverage = average + share * (iterate[index] - average)
      weight[index] = newAverage + towardsIterate * (iterate[index] - newAverage)
    }
  }

  package var judgesElsewhere: Bool { true }

  package func writeJudged(_ parameter: OptimizedParameter, into weights: StorageSlice) {
    switch weights.storage.precision {
    case .single: writeAverage(ParameterBuffers<Float>(parameter), weights.scalars())
    case .double: writeAverage(ParameterBuffers<Double>(parameter), weights.scalars())
    }
  }

  private func writeAverage<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ average: UnsafeMutableBufferPointer<Scalar>
  ) {
    let towardsAverage = Scalar(1 - 1 / beta1)
    for index in average.indices {
      let weight = parameter.weight[index]
      average[index] = weight + towardsAverage * (parameter.states[0][index] - weight)
    }
  }
}

extension ScheduleFreeAdamW {
  static let kind = OptimizerKind(
    "schedule-free-adamw", source: "Defazio et al. 2024, arXiv 2405.15682",
    reference: "schedulefree's AdamWScheduleFree", version: 2, common: [.betas, .epsilon],
    settings: [
      OptimizerSetting(
        "step_power", .number(.closed(0...10), standard: 0),
        "the power of the step that weights it in the average"),
      OptimizerSetting(
        "rate_power", .number(.closed(0...10), standard: 2),
        "the power of the greatest rate that weights a step in the average"),
    ], wantsNoDecay: true
  ) { settings throws(OptimizerError) in
    guard settings.beta1 > 0 else {
      throw settings.error("betas", "0 first", expected: "a first beta above 0")
    }
    return ScheduleFreeAdamW(
      beta1: settings.beta1, beta2: settings.beta2, stepPower: settings.number("step_power"),
      ratePower: settings.number("rate_power"))
  }
}
