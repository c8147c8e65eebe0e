import Foundation
package import Parametrizations
import Tensors

/// A parameter's scalars in one precision.
package struct ParameterBuffers<Scalar: EngineScalar> {
  package let spec: ParameterSpec
  package let settings: ParameterSettings
  package let weight: UnsafeMutableBufferPointer<Scalar>
  package let gradient: UnsafeMutableBufferPointer<Scalar>
  package let states: [UnsafeMutableBufferPointer<Scalar>]

  package init(_ parameter: OptimizedParameter) {
    spec = parameter.spec
    settings = parameter.settings
    weight = parameter.weight.scalars()
    gradient = parameter.gradient.scalars()
    states = parameter.states.map { $0.scalars() }
  }

  package var learningRate: Scalar { Scalar(settings.learningRate) }

  /// What decoupled decay leaves of each weight: 1 - ηλ.
  package var shrinking: Scalar { Scalar(1 - settings.learningRate * settings.weightDecay) }
}

extension UnsafeMutableBufferPointer where Element: EngineScalar {
  package var sumOfSquares: Double { product(with: self) }

  /// The inner product, summed in double as are all sums here, in lanes that do not wait for each other.
  func product(with other: Self) -> Double {
    var (low, high) = (SIMD4<Double>(), SIMD4<Double>())
    let lanes = low.scalarCount
    func four(_ buffer: Self, _ start: Int) -> SIMD4<Double> {
      SIMD4(
        Double(buffer[start]), Double(buffer[start + 1]), Double(buffer[start + 2]),
        Double(buffer[start + 3]))
    }
    let whole = count - count % (2 * lanes)
    for start in stride(from: 0, to: whole, by: 2 * lanes) {
      low += four(self, start) * four(other, start)
      high += four(self, start + lanes) * four(other, start + lanes)
    }
    var sum = (low + high).sum()
    for index in whole..<count { sum += Double(self[index]) * Double(other[index]) }
    return sum
  }

  package var norm: Double { sumOfSquares.squareRoot() }

  /// The root of the mean square.
  package var rootMeanSquare: Double { (sumOfSquares / Double(Swift.max(count, 1))).squareRoot() }

  /// Keeps a share of each number, and fills it up with `others`.
  package func blend(keeping kept: Double, with others: Self, times scale: Double = 1) {
    let (kept, rest) = (Element(kept), Element((1 - kept) * scale))
    for index in indices { self[index] = kept * self[index] + rest * others[index] }
  }

  package func multiply(by factor: Double) {
    let factor = Element(factor)
    for index in indices { self[index] *= factor }
  }

  package func part(_ range: Range<Int>) -> Self { Self(rebasing: self[range]) }
}
