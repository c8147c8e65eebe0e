import Foundation
import Testing

import ScalingLaws

@Suite struct LossCurveRefusalTests {
  private static func with(
    _ curve: LossCurve, loss: (Double) -> Double
  ) throws -> LossCurve {
    try LossCurve(
      name: curve.name,
      points: curve.points.map {
        LossCurve.Point(
          step: $0.step, learningRate: $0.learningRate,
          loss: loss(Double($0.step) / Double(curve.lastStep)))
      })
  }

  @Test("the order of curves changes nothing")
  func order() throws {
    let curves = try PlantedCurves.three(noise: 1e-3)
    let one = try LossCurveFit(fitting: curves)
    let other = try LossCurveFit(fitting: [curves[2], curves[0], curves[1]])
    #expect(one.constants.map(\.estimate) == other.constants.map(\.estimate))
    #expect(one.noise == other.noise)
    #expect(one.leftOut.map(\.score) == other.leftOut.map(\.score))
  }

  @Test("another name draws other blocks")
  func names() throws {
    let curves = try PlantedCurves.three(noise: 1e-3)
    let renamed = try curves.map { try LossCurve(name: "run " + $0.name, points: $0.points) }
    let one = try LossCurveFit(fitting: curves)
    let other = try LossCurveFit(fitting: renamed)
    #expect(one.constants.map(\.estimate.value) == other.constants.map(\.estimate.value))
    #expect(one.constants.map(\.estimate.lower) != other.constants.map(\.estimate.lower))
  }

  @Test("curves that no law describes are refused, and not fitted badly")
  func noFit() throws {
    let curves = try PlantedCurves.three()
    let rising = try Self.with(curves[0]) { 2 + 4 * $0 * $0 }
    #expect(throws: LossCurveError.self) {
      try LossCurveFit(fitting: [rising, curves[1]])
    }
  }

  @Test("a constant loss is refused by the curve's name, fitted or predicted")
  func constantLoss() throws {
    let curves = try PlantedCurves.three(noise: 1e-3)
    let flat = try Self.with(curves[2]) { _ in 3 }
    #expect(throws: LossCurveError.constantLoss("two-stage", 3)) {
      try LossCurveFit(fitting: [curves[0], curves[1], flat])
    }
    #expect(throws: LossCurveError.constantLoss("two-stage", 3)) {
      try CurveStudy(fitting: [curves[0], curves[1]], predicting: [flat])
    }
  }

  @Test("intervals hold their values")
  func intervals() throws {
    let skewed = Estimate(value: 1, lower: 2, upper: 3, confidence: 0.9).holdingValue
    #expect(skewed == Estimate(value: 1, lower: 1, upper: 3, confidence: 0.9))
    let fit = try LossCurveFit(fitting: try PlantedCurves.three(noise: 1e-3))
    for estimate in fit.constants.map(\.estimate) {
      #expect(estimate.lower <= estimate.value && estimate.value <= estimate.upper)
    }
    for choice in try ScheduleAdvice(fit, steps: 12_000).fractions {
      #expect(choice.excess.lower <= choice.excess.value)
      #expect(choice.excess.value <= choice.excess.upper)
    }
  }

  @Test("a run within the warm-up is refused, and decays that would begin in it are left out")
  func warmup() throws {
    let fit = try LossCurveFit(fitting: try PlantedCurves.three(noise: 1e-3))
    #expect(fit.warmupSteps == 1000)
    for steps in [100, 1000, 1010] {
      #expect(throws: LossCurveError.stepsInWarmup(steps, warmup: 1000, needed: 1022)) {
        try ScheduleAdvice(fit, steps: steps)
      }
    }
    let advice = try ScheduleAdvice(fit, steps: 1400)
    #expect(advice.fractions.map(\.schedule.decayFraction) == [0.02, 0.05, 0.1, 0.15, 0.2, 0.25])
    #expect(advice.leftOut == [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
    #expect(try !ScheduleAdvice(fit, steps: 1022).fractions.isEmpty)
  }
}
