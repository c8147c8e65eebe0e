package import Interop
package import Runs
import ScalingLaws

extension RunEvidence {
  /// A run that was imported from a log.
  ///
  /// - Parameters:
  ///   - record: What is known of it.
  ///   - curve: Its curve; empty where only the end was imported.
  package init(_ record: RunRecord, curve: [ImportedRun.CurvePoint]) {
    id = record.id ?? ""
    params = record.params
    tokens = record.tokens
    batchTokens = record.batchTokens
    vocabulary = record.vocabulary
    sequenceLength = record.sequenceLength
    learningRate = record.learningRate
    seed = record.seed
    let made = curve.last?.step ?? 0
    let asked = record.steps ?? record.batchTokens.map { (record.tokens / $0).rounded() }
    let steps = max(made, asked.flatMap { Int(exactly: $0.rounded()) } ?? 0)
    let logged = curve.compactMap { point in
      point.learningRate.flatMap { $0.isFinite ? (point.step, $0) : nil }
    }
    knowsRates = !logged.isEmpty
    rates = Self.rates(through: logged, steps: min(steps, Self.mostSteps), peak: learningRate)
    let decay = record.weightDecay
    weightDecay =
      switch decay.convention {
      case "coupled": 0
      case "independent": decay.value.map { $0 / record.learningRate }
      default: decay.value
      }
    optimizer = record.optimizer.name ?? "an unnamed optimizer"
    schedule = record.schedule.kind ?? "an unnamed schedule"
    matrices = []
    firstStep = 0
    training = curve.filter { $0.loss != nil }.map {
      Point(step: $0.step, tokens: $0.tokens, loss: $0.loss, gradientNorm: nil)
    }
    initialLoss = curve.first { $0.step == 0 }?.validationLoss ?? record.initialLoss
    finalLoss = record.hasDiverged ? nil : record.loss
    looks = []
    status = record.status
    divergedAt = record.divergedAt.flatMap { Int(exactly: $0.rounded()) }
  }

  /// No log has more, and an array for each step must fit.
  private static let mostSteps = 50_000_000

  /// Lines between logged rates, and the first and the last beyond them; the peak where none is known.
  private static func rates(
    through logged: [(step: Int, rate: Double)], steps: Int, peak: Double
  ) -> [Double] {
    guard let first = logged.first, steps > 0 else {
      return Array(repeating: peak, count: max(steps, 0))
    }
    var place = 0
    return (1...steps).map { step in
      while place + 1 < logged.count, logged[place + 1].step <= step { place += 1 }
      let (left, right) = (logged[place], logged[min(place + 1, logged.count - 1)])
      guard step > first.step, right.step > left.step else { return left.rate }
      let share = Double(step - left.step) / Double(right.step - left.step)
      return left.rate + min(share, 1) * (right.rate - left.rate)
    }
  }
}
