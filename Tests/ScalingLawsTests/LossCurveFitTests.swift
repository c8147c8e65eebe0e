import Foundation
import Testing

import ScalingLaws

@Suite struct LossCurveFitTests {
  @Test("a planted law predicts a schedule that was not fitted")
  func plantedLaw() throws {
    let fit = try LossCurveFit(fitting: try PlantedCurves.three(noise: 1e-3))
    let other = try PlantedCurves.curve("decayed", rate: PlantedCurves.decayed)
    let score = CurveScore(
      of: fit.law, on: PacedCurve(other, warmupSteps: fit.warmupSteps))
    #expect(score.accuracy.meanAbsolute < 2e-3)
    #expect(abs(score.finalError) < 4e-3)
    #expect(fit.noise > 5e-4 && fit.noise < 2e-3)
  }

  @Test("the annealing law finds its own constants")
  func annealingLaw() throws {
    let planted = AnnealingLaw(
      floor: 2.5, amplitude: 0.6, exponent: 0.5, annealing: 0.4, memory: 0.999)
    var options = LossCurveFit.Options()
    options.form = .annealing
    options.draws = 100
    let fit = try LossCurveFit(
      fitting: try PlantedCurves.three(by: planted), options: options)
    let law = try #require(fit.law as? AnnealingLaw)
    #expect(abs(law.memory - 0.999) < 1e-4)
    #expect(abs(law.exponent / 0.5 - 1) < 0.01)
    #expect(abs(law.annealing / 0.4 - 1) < 0.02)
  }

  @Test("equal curves give equal fits")
  func determinism() throws {
    let curves = try PlantedCurves.three(noise: 1e-3)
    let one = try LossCurveFit(fitting: curves)
    let other = try LossCurveFit(fitting: curves)
    #expect(one.constants.map(\.estimate) == other.constants.map(\.estimate))
  }

  @Test("constant curves alone are refused")
  func constantCurves() throws {
    let curve = try PlantedCurves.curve("constant", rate: PlantedCurves.constant)
    #expect(throws: LossCurveError.nothingDecays(["constant"])) {
      try LossCurveFit(fitting: [curve])
    }
  }

  @Test("curves of another peak rate are refused")
  func peakRates() throws {
    let curves = try PlantedCurves.three()
    let doubled = try LossCurve(
      name: "doubled",
      points: curves[1].points.map {
        LossCurve.Point(step: $0.step, learningRate: 2 * $0.learningRate, loss: $0.loss)
      })
    #expect(throws: LossCurveError.peaksDiffer("constant", 3e-4, "doubled", 6e-4)) {
      try LossCurveFit(fitting: [curves[0], doubled])
    }
  }

  @Test("few points and no curves are refused")
  func fewPoints() throws {
    let short = try LossCurve(
      name: "short",
      points: try PlantedCurves.three()[1].points.prefix(5).map { $0 })
    #expect(throws: LossCurveError.fewPoints("short", found: 5, needed: 12)) {
      try LossCurveFit(fitting: [short])
    }
    #expect(throws: LossCurveError.noCurves) { try LossCurveFit(fitting: []) }
  }

  @Test("losses that are no numbers, and steps out of order, are refused")
  func badPoints() {
    #expect(throws: LossCurveError.self) {
      try LossCurve(
        name: "a",
        points: [
          LossCurve.Point(step: 1, learningRate: 1e-3, loss: 3),
          LossCurve.Point(step: 2, learningRate: 1e-3, loss: .nan),
        ])
    }
    #expect(throws: LossCurveError.stepsOutOfOrder("a", 2, 2)) {
      try LossCurve(
        name: "a",
        points: [
          LossCurve.Point(step: 2, learningRate: 1e-3, loss: 3),
          LossCurve.Point(step: 2, learningRate: 1e-3, loss: 3),
        ])
    }
  }

  @Test("advice finds the best decay fraction of the planted law")
  func advice() throws {
    let fit = try LossCurveFit(fitting: try PlantedCurves.three(noise: 5e-4))
    let advice = try ScheduleAdvice(fit, steps: 12_000)
    let planted = advice.fractions.map { PlantedCurves.law.finalLoss(of: $0.schedule.path) }
    let least = try #require(planted.min())
    let place = try #require(advice.fractions.firstIndex { $0.name == advice.best.name })
    #expect(planted[place] - least < 2e-3)
    #expect(advice.flat.contains(advice.best.schedule.decayFraction))
    #expect(advice.warnings.isEmpty)
    #expect(
      try ScheduleAdvice(fit, steps: 40_000).warnings.map(\.code) == [.longerThanFitted])
    // The shortest decay to 0 has a piece of a path for every step.
    let toZero = try ScheduleAdvice(fit, steps: 5000, floor: 0)
    #expect((toZero.fractions + toZero.alternatives).allSatisfy { $0.finalLoss.upper.isFinite })
  }

  @Test(
    "public curves are predicted within 5 % of the published accuracy, and better in most",
    .enabled(if: PublicCurves.isThere, "../shared/data/multipowerlaw is not there"),
    arguments: ["25", "100", "400"])
  func publicCurves(size: String) throws {
    var options = LossCurveFit.Options()
    options.warmupSteps = 2160
    let fit = try LossCurveFit(
      fitting: try PublicCurves.fitted.map { try PublicCurves.curve($0, size: size) },
      options: options)
    let published = try #require(
      MultiPowerLaw.published.first { $0.model == "\(size)M" })
    let held = try PublicCurves.heldOut.map {
      PacedCurve(try PublicCurves.curve($0, size: size), warmupSteps: 2160)
    }
    let theirs = try #require(
      CurveAccuracy.mean(of: held.map { CurveScore(of: published.law, on: $0).accuracy }))
    let ours = try #require(
      CurveAccuracy.mean(of: held.map { CurveScore(of: fit.law, on: $0).accuracy }))
    #expect(abs(theirs.meanAbsolute - published.heldOut.meanAbsolute) < 2e-5)
    #expect(abs(theirs.determination - published.heldOut.determination) < 1e-4)
    #expect(ours.rootMeanSquare <= published.heldOut.rootMeanSquare)
    #expect(ours.determination >= published.heldOut.determination)
    #expect(ours.meanAbsolute <= 1.05 * published.heldOut.meanAbsolute)
  }
}
