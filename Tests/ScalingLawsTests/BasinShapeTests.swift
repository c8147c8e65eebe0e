import Numerics
import ScalingLaws
import Testing

@Suite struct BasinShapeTests {
  private static let shapes = [
    BasinShape(left: 0.1, right: 0.9), BasinShape(left: 1, right: 1),
    BasinShape(left: 2, right: 0.5), BasinShape(left: 0.02, right: 8),
  ]

  @Test("the rise is zero and flat at the optimum, with unit second derivative", arguments: shapes)
  func optimum(shape: BasinShape) {
    let step = 1e-4
    #expect(shape.rise(0) == 0)
    let slope = (shape.rise(step) - shape.rise(-step)) / (2 * step)
    let curvature = (shape.rise(step) + shape.rise(-step)) / (step * step)
    // Differences of numbers near 1e-8 leave about eight digits.
    #expect(abs(slope) < 1e-6)
    #expect(curvature.isApproximatelyEqual(to: 1, relativeTolerance: 1e-4))
  }

  @Test("loss rises on both sides", arguments: shapes)
  func sides(shape: BasinShape) {
    for z in [0.1, 0.5, 1, 2] {
      #expect(shape.rise(z) > shape.rise(z / 2))
      #expect(shape.rise(-z) > shape.rise(-z / 2))
    }
  }

  @Test("the steeper power is the steeper side")
  func asymmetry() {
    let shape = BasinShape(left: 0.2, right: 1.5)
    #expect(shape.rise(1) > shape.rise(-1))
    let model = BasinModel(shape: shape, depth: 0.02, noise: 5e-4)
    #expect(model.penaltyPercent(at: 2) > model.penaltyPercent(at: 0.5))
    #expect(model.penaltyPercent(at: 1) == 0)
  }
}
