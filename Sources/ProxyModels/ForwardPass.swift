import Parametrizations
import Tensors

/// A forward pass being recorded: operations that find weight and multiplier by the parameter's path.
struct ForwardPass {
  var tape: Tape
  let weights: ParameterTree<Tensor>
  let settings: ModelSettings

  func weight(_ path: String) -> Tensor {
    guard let weight = weights[ParameterPath(path)] else {
      preconditionFailure("the model has no parameter \(path)")
    }
    return weight
  }

  func multiplier(_ path: String) -> Double {
    guard let settings = settings.parameters[ParameterPath(path)] else {
      preconditionFailure("the settings have no parameter \(path)")
    }
    return settings.multiplier
  }

  mutating func linear(_ x: Tensor, _ path: String) -> Tensor {
    tape.linear(x, weight(path), multiplier: multiplier(path))
  }

  mutating func norm(_ x: Tensor, _ path: String, epsilon: Double) -> Tensor {
    tape.rmsNorm(x, gain: weight(path), epsilon: epsilon, multiplier: multiplier(path))
  }

  mutating func residualSum(_ stream: Tensor, _ branch: Tensor) -> Tensor {
    tape.residualSum(stream, branch, multiplier: settings.residualBranch)
  }
}
