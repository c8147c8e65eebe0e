import RealModule
import Runs

/// The theory of one matrix's norm, stepped along a run from the first look at it.
struct NormPath {
  private let run: RunEvidence
  private let rateFactor: Double
  private let weightDecay: Double
  private let memory: DirectionMemory?
  private let keepsNorm: Bool

  init(
    _ run: RunEvidence, rateFactor: Double, weightDecay: Double, memory: DirectionMemory?,
    keepsNorm: Bool
  ) {
    self.run = run
    self.rateFactor = rateFactor
    self.weightDecay = weightDecay
    self.memory = memory
    self.keepsNorm = keepsNorm
  }

  typealias Look = (at: RunEvidence.Look, matrix: Telemetry.Matrix)

  /// Weights of a look are those before its step.
  func points(_ looks: [Look]) -> [MatrixDynamics.Point] {
    guard let first = looks.first else { return [] }
    var square = first.matrix.weightRMS * first.matrix.weightRMS
    var printed = square
    var points: [MatrixDynamics.Point] = []
    for (place, look) in looks.enumerated() {
      if place > 0, !keepsNorm {
        let last = looks[place - 1]
        for step in last.at.step..<look.at.step {
          let share = Double(step - last.at.step) / Double(look.at.step - last.at.step)
          let rate = run.rate(of: step) * rateFactor
          square = NormTheory.step(
            square, rate: rate, decay: weightDecay,
            growth: growth(step, rate, square, between: last.matrix, look.matrix, share))
          printed = NormTheory.step(printed, rate: rate, decay: weightDecay, growth: 1)
        }
      }
      let rate = run.rate(of: look.at.step) * rateFactor
      let here = growth(look.at.step, rate, square, between: look.matrix, look.matrix, 0)
      points.append(
        MatrixDynamics.Point(
          step: look.at.step, tokens: look.at.tokens, measured: look.matrix,
          theory: square.squareRoot(),
          printedTheory: !keepsNorm && memory?.hasUnitSum == true ? printed.squareRoot() : nil,
          equilibrium: NormTheory.equilibrium(rate: rate, decay: weightDecay, growth: max(here, 0)))
      )
    }
    return points
  }

  /// u² of a step, `share` of the way from one look to the next.
  private func growth(
    _ step: Int, _ rate: Double, _ square: Double, between left: Telemetry.Matrix,
    _ right: Telemetry.Matrix, _ share: Double
  ) -> Double {
    func mean(_ value: (Telemetry.Matrix) -> Double?) -> Double {
      let (left, right) = (value(left), value(right))
      return (1 - share) * (left ?? right ?? 0) + share * (right ?? left ?? 0)
    }
    let direction = mean(\.directionRMS)
    if let memory { return direction * direction * memory.accumulation(at: step) }
    // ‖w - ηu‖² has 2η⟨w, -u⟩ besides η²u²; over η² it is a part of u².
    guard rate > 0 else { return 0 }
    return direction * direction + 2 * mean(\.cosine) * direction * square.squareRoot() / rate
  }
}
