import Foundation
import Testing

import ScalingLaws

@Suite struct LossCurveThinningTests {
  private static func long(
    _ name: String, rate: (Double) -> Double
  ) throws -> LossCurve {
    try PlantedCurves.curve(name, noise: 1e-3, every: 1, rate: rate)
  }

  @Test("a log with a row a step keeps few rows, its sums, its ends and its sudden drops")
  func rows() throws {
    for rate in [PlantedCurves.cosine, PlantedCurves.twoStage, PlantedCurves.decayed] {
      let curve = try Self.long("long", rate: rate)
      let paced = PacedCurve(curve, warmupSteps: PlantedCurves.warmupSteps)
      #expect(paced.curve.points.count < 600)
      #expect(paced.judged.count <= 201 && paced.judged.count > 150)
      #expect(paced.knots.count == paced.curve.points.count)
      #expect(paced.curve.peakRate == curve.peakRate)
      #expect(paced.curve.points.last == curve.points.last)
      for (point, knot) in zip(paced.curve.points, paced.knots) {
        #expect(paced.path.knots[knot].step == point.step)
        #expect(paced.path.knots[knot].learningRate == point.learningRate)
      }
      // The warm-up is a rise in pieces from 0 to the first row, and the rows are all steps.
      let first = paced.path.knots[paced.knots[0]].area
      let sum = curve.points.dropFirst().reduce(first) { $0 + $1.learningRate }
      #expect(abs(paced.path.end.area / sum - 1) < 1e-9)
    }
    let drop = PacedCurve(
      try Self.long("drop", rate: PlantedCurves.twoStage),
      warmupSteps: PlantedCurves.warmupSteps)
    let start = drop.curve.firstStep
    let changes = drop.path.changes.filter { drop.path.knots[$0.knot].step > start }
    #expect(changes.count == 1)
    #expect(changes.allSatisfy { $0.to - $0.from < 1e-3 })
  }

  @Test("the law's losses along a thinned path are those along the whole one")
  func losses() throws {
    let law = PlantedCurves.law
    let warmup = PlantedCurves.warmupSteps
    let curve = try Self.long("long", rate: PlantedCurves.cosine)
    let paced = PacedCurve(curve, warmupSteps: warmup)
    let losses = law.losses(along: paced.path)
    let peak = curve.points[0].learningRate
    var rates: [Double] = (0..<warmup).map { peak * Double($0) / Double(warmup) }
    rates += curve.points.map(\.learningRate)
    let count = paced.curve.points.count
    for place in [count / 4, count / 2, count - 1] {
      let plain = LossCurveTests.plainLoss(law, rates, at: paced.curve.points[place].step)
      #expect(abs(losses[paced.knots[place]] - plain) < 5e-4)
    }
  }

  @Test("curves with a row a step are fitted as sparse ones are")
  func fit() throws {
    let curves = [
      try Self.long("constant", rate: PlantedCurves.constant),
      try Self.long("cosine", rate: PlantedCurves.cosine),
      try Self.long("two-stage", rate: PlantedCurves.twoStage),
    ]
    let fit = try LossCurveFit(fitting: curves)
    let other = try PlantedCurves.curve("decayed", rate: PlantedCurves.decayed)
    let score = CurveScore(of: fit.law, on: PacedCurve(other, warmupSteps: fit.warmupSteps))
    #expect(score.accuracy.meanAbsolute < 4e-3)
  }

  @Test("a short log is kept whole")
  func short() throws {
    let curve = try PlantedCurves.curve("short", rate: PlantedCurves.cosine)
    let paced = PacedCurve(curve, warmupSteps: PlantedCurves.warmupSteps)
    #expect(paced.curve == curve)
    #expect(paced.fitted == paced.judged)
    #expect(paced.judged.count == curve.points.count)
  }
}
