import Foundation
import Optimizers
import Runs
import Testing

@Suite struct ArcTangentTests {
  private func found<Scalar: EngineScalar>(_ points: [(y: Scalar, x: Scalar)]) -> [Scalar] {
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 2 * points.count) { scratch in
      let values = UnsafeMutableBufferPointer(rebasing: scratch[..<points.count])
      let divisors = UnsafeMutableBufferPointer(rebasing: scratch[points.count...])
      for (index, point) in points.enumerated() {
        (values[index], divisors[index]) = (point.y, point.x)
      }
      Scalar.takeArcTangents(of: values, over: divisors)
      return Array(values)
    }
  }

  @Test("arc tangents in float are within 4 units of the last place, and exact at the ends")
  func float() {
    var random = KeyedRandom(seed: 5)
    var points: [(y: Float, x: Float)] = (0..<10_001).map { _ in
      (Float(random.normal() * exp(4 * random.normal())), Float(abs(random.normal())))
    }
    // Where the polynomial changes its range, and where there is nothing.
    let knot = Float(0.414213562)
    points += [(knot, 1), (knot.nextUp, 1), (1, knot), (1, 1), (-1, 1), (1e-30, 1), (1, 1e-30)]
    for (point, angle) in zip(points, found(points)) {
      let exact = Float(atan2(Double(point.y), Double(point.x)))
      #expect(abs(angle - exact) <= 4 * exact.ulp, "\(point): \(angle) and not \(exact)")
    }
    #expect(
      found([(0, 0), (0, 1), (1, 0), (-2, 0)] as [(Float, Float)]) == [0, 0, .pi / 2, -.pi / 2])
  }

  @Test("in double they are the system's")
  func double() {
    #expect(
      found([(0.3, 0.7), (-2, 0), (0, 0)] as [(Double, Double)]) == [atan2(0.3, 0.7), -.pi / 2, 0])
  }
}
