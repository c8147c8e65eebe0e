import Foundation
package import Parametrizations
package import Tensors

/// A step as long as a model of the loss allows, at most the learning rate.
///
/// Schaipp et al. 2023, arXiv 2305.07583, as the package momo-opt has it: of SGD with momentum, or of
/// Adam. The model needs the loss whose gradients it gets, so gradients should not be clipped. Decay is
/// proximal: after the step, weights are divided by 1 + ηλ.
package struct MoMo: Optimizer {
  package let beta1: Double
  /// Of the second moment, which Adam's form has; `nil` for SGD's.
  package let beta2: Double?
  /// What the loss cannot go below, or the first estimate of it.
  package let lowerBound: Double
  package let estimatesLowerBound: Bool
  /// Whether averages begin at 0 and are corrected for it, as Adam's form always does.
  package let isBiasCorrected: Bool

  package init(
    beta1: Double, beta2: Double?, lowerBound: Double = 0, estimatesLowerBound: Bool = false,
    isBiasCorrected: Bool = false
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.lowerBound = lowerBound
    self.estimatesLowerBound = estimatesLowerBound
    self.isBiasCorrected = beta2 != nil || isBiasCorrected
  }

  /// The averages of the loss and of the gradients times weights, and the lower bound.
  package var numbers: [Double] { [0, 0, lowerBound] }

  package func states(of spec: ParameterSpec) -> [OptimizerState] {
    (beta2 == nil ? ["moment1"] : ["moment1", "moment2"]).map { OptimizerState($0, like: spec) }
  }

  package func move(
    _ parameters: [OptimizedParameter], _ step: inout OptimizerStep, _ engine: Engine
  ) {
    switch engine.precision {
    case .single: move(parameters.map(ParameterBuffers<Float>.init), &step)
    case .double: move(parameters.map(ParameterBuffers<Double>.init), &step)
    }
  }

  /// What the model of the loss is made of, summed over all parameters.
  private struct Sums {
    /// The gradients and the momentum times the weights, and the momentum times the direction.
    var gradient = 0.0
    var momentum = 0.0
    var direction = 0.0
  }

  private func move<Scalar: EngineScalar>(
    _ parameters: [ParameterBuffers<Scalar>], _ step: inout OptimizerStep
  ) {
    var sums = Sums()
    for parameter in parameters { gather(parameter, step, &sums) }
    let isFirst = step.number == 1 && !isBiasCorrected
    let kept = isFirst ? 0 : beta1
    step.numbers[0] = kept * step.numbers[0] + (1 - kept) * step.loss
    step.numbers[1] = kept * step.numbers[1] + (1 - kept) * sums.gradient
    let (loss, products) = (step.numbers[0], step.numbers[1])
    let weight = isBiasCorrected ? 1 - pow(beta1, Double(step.number)) : 1
    let rate = parameters.map(\.settings.learningRate).max() ?? 0
    let decay = 1 + rate * (parameters.map(\.settings.weightDecay).max() ?? 0)
    if estimatesLowerBound {
      let most = decay * loss + sums.momentum - decay * products
      if most < decay * weight * step.numbers[2] {
        step.numbers[2] = max(most / (2 * decay * weight), lowerBound)
      }
    }
    let model =
      decay * (loss - weight * step.numbers[2]) + sums.momentum - decay * products
    let length =
      sums.direction > 0 ? min(rate / weight, max(model, 0) / sums.direction) : 0
    if estimatesLowerBound {
      step.numbers[2] = max(
        (loss + sums.momentum - products - length * sums.direction / 2) / weight, lowerBound)
    }
    for parameter in parameters where rate > 0 {
      apply(parameter, step, length: length * parameter.settings.learningRate / rate)
    }
  }

  private func gather<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ sums: inout Sums
  ) {
    let first = parameter.states[0]
    let scale = Scalar(step.gradientScale)
    let isFirst = step.number == 1 && !isBiasCorrected
    let kept = Scalar(isFirst ? 0 : beta1)
    let rest = 1 - kept
    let roots = Roots(self, parameter, step)
    for index in first.indices {
      let gradient = scale * parameter.gradient[index]
      first[index] = kept * first[index] + rest * gradient
      let root = roots.take(gradient, index)
      sums.gradient += Double(parameter.weight[index]) * Double(gradient)
      sums.momentum += Double(parameter.weight[index]) * Double(first[index])
      sums.direction += Double(first[index]) * Double(first[index]) / Double(root)
    }
  }

  /// What divides the momentum: 1, or the root of Adam's second moment.
  private struct Roots<Scalar: EngineScalar> {
    private let moments: UnsafeMutableBufferPointer<Scalar>?
    private let beta2, rest2, correction, epsilon: Scalar

    init(_ rule: MoMo, _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep) {
      moments = rule.beta2 == nil ? nil : parameter.states[1]
      let beta2 = rule.beta2 ?? 0
      self.beta2 = Scalar(beta2)
      rest2 = Scalar(1 - beta2)
      correction = Scalar(1 - pow(beta2, Double(step.number)))
      epsilon = Scalar(parameter.settings.epsilon)
    }

    func take(_ gradient: Scalar, _ index: Int) -> Scalar {
      guard let moments else { return 1 }
      moments[index] = beta2 * moments[index] + rest2 * gradient * gradient
      return self[index]
    }

    subscript(index: Int) -> Scalar {
      moments.map { ($0[index] / correction).squareRoot() + epsilon } ?? 1
    }
  }

  private func apply<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, length: Double
  ) {
    let (weight, first) = (parameter.weight, parameter.states[0])
    let roots = Roots(self, parameter, step)
    let length = Scalar(length)
    let after = Scalar(1 / (1 + parameter.settings.learningRate * parameter.settings.weightDecay))
    for index in weight.indices {
      weight[index] = (weight[index] - length * first[index] / roots[index]) * after
    }
  }
}

extension MoMo {
  private static let bound = [
    OptimizerSetting(
      "lower_bound", .number(.closed(-1e9...1e9), standard: 0),
      "what the loss cannot go below, or the first estimate of it"),
    OptimizerSetting(
      "estimates_lower_bound", .flag(standard: false), "whether the bound is estimated"),
  ]

  static let kind = OptimizerKind(
    "momo", source: "Schaipp et al. 2023, arXiv 2305.07583", reference: "momo-opt's Momo",
    settings: [
      .momentum(0.9),
      OptimizerSetting(
        "bias_corrected", .flag(standard: false), "whether averages begin at 0, and are corrected"),
    ] + bound, needsPlainLoss: true
  ) { settings throws(OptimizerError) in
    MoMo(
      beta1: settings.number("momentum"), beta2: nil, lowerBound: settings.number("lower_bound"),
      estimatesLowerBound: settings.flag("estimates_lower_bound"),
      isBiasCorrected: settings.flag("bias_corrected"))
  }

  static let adamKind = OptimizerKind(
    "momo-adam", source: "Schaipp et al. 2023, arXiv 2305.07583", reference: "momo-opt's MomoAdam",
    common: [.betas, .epsilon], settings: bound, needsPlainLoss: true
  ) { settings throws(OptimizerError) in
    MoMo(
      beta1: settings.beta1, beta2: settings.beta2, lowerBound: settings.number("lower_bound"),
      estimatesLowerBound: settings.flag("estimates_lower_bound"))
  }
}
