import Foundation
import Testing

import ScalingLaws

@Suite struct LossCurveTests {
  @Test("a constant rate without a warm-up gives the published floor plus a power")
  func constantRate() throws {
    let law = try #require(MultiPowerLaw.published.first { $0.model == "400M" }).law
    var path = LearningRatePath(from: 3e-4)
    path.hold(24_000)
    #expect(abs(law.finalLoss(of: path) - 2.655356) < 5e-7)
  }

  @Test("stretches of a path give what the sum over its steps gives")
  func stretches() throws {
    let law = MultiPowerLaw.published[1].law
    let curve = try PlantedCurves.curve("cosine", rate: PlantedCurves.cosine)
    let paced = PacedCurve(curve, warmupSteps: PlantedCurves.warmupSteps)
    let rates = Self.rates(of: paced.path)
    let losses = law.losses(along: paced.path)
    for place in [3, 30, 60, 100] {
      let knot = paced.knots[place]
      let plain = Self.plainLoss(law, rates, at: paced.path.knots[knot].step)
      #expect(abs(losses[knot] - plain) < 1e-4)
    }
  }

  @Test("the annealing area is the double sum over steps")
  func annealingArea() throws {
    let curve = try PlantedCurves.curve("two-stage", rate: PlantedCurves.twoStage)
    let paced = PacedCurve(curve, warmupSteps: PlantedCurves.warmupSteps)
    let rates = Self.rates(of: paced.path)
    let areas = AnnealingLaw.annealingArea(along: paced.path, memory: 0.998)
    var (momentum, sum) = (0.0, 0.0)
    var plain = [0.0]
    for step in 1..<rates.count {
      let fall = step > PlantedCurves.warmupSteps ? rates[step - 1] - rates[step] : 0
      momentum = 0.998 * momentum + fall
      sum += momentum
      plain.append(sum)
    }
    for (knot, area) in zip(paced.path.knots, areas) {
      #expect(abs(area - plain[knot.step]) < 1e-9)
    }
  }

  @Test("a drop between flat stretches is one step")
  func drops() throws {
    let curve = try PlantedCurves.curve("two-stage", rate: PlantedCurves.twoStage)
    let rates = Self.rates(of: PacedCurve(curve, warmupSteps: PlantedCurves.warmupSteps).path)
    #expect(Set(rates.dropFirst(PlantedCurves.warmupSteps)).count == 2)
  }

  @Test("planned schedules end at their floor and decay where they should")
  func plannedSchedules() {
    for decay in PlannedSchedule.Decay.allCases {
      let path = PlannedSchedule(
        steps: 5000, warmupSteps: 100, peakRate: 1e-3, floor: 0.1, decayFraction: 0.2, decay: decay
      ).path
      #expect(path.end.step == 5000)
      #expect(abs(path.end.learningRate - 1e-4) < 1e-15)
      #expect(path.knots.last { $0.learningRate == 1e-3 }?.step == 4000)
    }
  }

  @Test("a log with a row every step may end at a rate of 0, and rise again")
  func zeroRate() throws {
    let law = MultiPowerLaw.published[1].law
    let up: [Double] = (0...100).map { 3e-4 * Double($0) / 100 }
    let down: [Double] = (1...100).map { 3e-4 * (1 - Double($0) / 100) }
    var rates: [Double] = up
    rates += [Double](repeating: 3e-4, count: 50)
    rates += down
    rates += [0, 0]
    rates += up[1...40]
    let curve = try LossCurve(
      name: "every step",
      points: rates.enumerated().map {
        LossCurve.Point(step: $0.offset, learningRate: $0.element, loss: 3)
      })
    let paced = PacedCurve(curve, warmupSteps: 0)
    let losses = law.losses(along: paced.path)
    // Before the fall, where it ends, where it stays at 0, after the first step up, and at the end.
    #expect(rates[250] == 0 && rates[252] == 0 && rates[253] > 0)
    for place in [150, 250, 252, 253, 292] {
      let plain = Self.plainLoss(law, Self.rates(of: paced.path), at: place)
      #expect(abs(losses[paced.knots[place]] - plain) < 2e-4, "at step \(place)")
    }
    let annealing = AnnealingLaw(
      floor: 2.5, amplitude: 0.6, exponent: 0.5, annealing: 0.4, memory: 0.999)
    let annealed = annealing.losses(along: paced.path)
    #expect(paced.judged.allSatisfy { annealed[paced.knots[$0]].isFinite })
  }

  @Test("a rate too small to change the sum of rates changes nothing")
  func vanishingRate() {
    let law = MultiPowerLaw.published[1].law
    let losses = [0, 1e-30, 1e-15].map { last in
      var path = LearningRatePath(from: 3e-4)
      path.hold(1000)
      path.ramp(to: last, over: 1)
      path.hold(10)
      return law.finalLoss(of: path)
    }
    for loss in losses { #expect(abs(loss - losses[2]) < 1e-4) }
  }

  @Test(
    "a planned decay of one step a piece may end at 0", arguments: PlannedSchedule.Decay.allCases)
  func plannedToZero(decay: PlannedSchedule.Decay) {
    let law = MultiPowerLaw.published[1].law
    let losses = [0, 1e-6].map { floor in
      law.finalLoss(
        of: PlannedSchedule(
          steps: 5000, warmupSteps: 100, peakRate: 3e-4, floor: floor, decayFraction: 0.02,
          decay: decay
        ).path)
    }
    #expect(abs(losses[0] - losses[1]) < 1e-4)
  }

  /// The rate of each step from 0 on.
  static func rates(of path: LearningRatePath) -> [Double] {
    var rates = [path.knots[0].learningRate]
    for (start, end) in zip(path.knots, path.knots.dropFirst()) {
      let steps = end.step - start.step
      for step in 1...steps {
        rates.append(
          start.learningRate + (end.learningRate - start.learningRate) * Double(step)
            / Double(steps))
      }
    }
    return rates
  }

  /// The formula as it is written, a term a step.
  static func plainLoss(_ law: MultiPowerLaw, _ rates: [Double], at step: Int) -> Double {
    var area = 0.0
    let areas = rates.enumerated().map { index, rate in
      area += index == 0 ? 0 : rate
      return area
    }
    var sum = 0.0
    for k in 1...step where rates[k] != rates[k - 1] {
      let since = areas[step] - areas[k - 1]
      // At a rate of 0 the bracket waits for the rate to rise again.
      guard since > 0 else { continue }
      sum +=
        (rates[k] - rates[k - 1])
        * (1
          - pow(
            1 + law.saturation * pow(rates[k], -law.rateExponent) * since,
            -law.saturationExponent))
    }
    return law.floor + law.amplitude * pow(areas[step], -law.exponent) + law.decayScale * sum
  }
}
