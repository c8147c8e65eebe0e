import Optimizers
import RealModule
import Runs

/// What a study keeps of the diagnosis of one run.
package struct StudiedRun: Sendable {
  package var id: String
  package var cell: CellPlace
  package var learningRate: Double
  package var seed: String?
  package var isHeldOut: Bool
  package var hasEnded: Bool
  package var hasDiverged: Bool
  /// The last on held-out text; `nil` when it diverged or has not ended.
  package var loss: Double?
  /// Before the first step.
  package var initialLoss: Double?
  package var spikes: Int
  package var decaySum: Double?
  /// The mean effective learning rate along the run, in both definitions.
  package var displacement: Double?
  package var rateOverNorm: Double?
  package var findings: [Finding]

  package init(
    id: String, cell: CellPlace, learningRate: Double, seed: String?, isHeldOut: Bool,
    hasEnded: Bool, hasDiverged: Bool, loss: Double?, initialLoss: Double?, spikes: Int,
    decaySum: Double?, displacement: Double?, rateOverNorm: Double?, findings: [Finding]
  ) {
    self.id = id
    self.cell = cell
    self.learningRate = learningRate
    self.seed = seed
    self.isHeldOut = isHeldOut
    self.hasEnded = hasEnded
    self.hasDiverged = hasDiverged
    self.loss = loss
    self.initialLoss = initialLoss
    self.spikes = spikes
    self.decaySum = decaySum
    self.displacement = displacement
    self.rateOverNorm = rateOverNorm
    self.findings = findings
  }
}

extension StudiedRun {
  init(_ diagnosis: RunDiagnosis, isHeldOut: Bool) {
    let run = diagnosis.run
    let hasDiverged = run.status == .diverged
    let hasEnded = hasDiverged || run.status == .finished
    self.init(
      id: run.id,
      cell: CellPlace(
        params: run.params, tokens: run.tokens, batchTokens: run.batchTokens, variant: run.variant),
      learningRate: run.learningRate, seed: run.seed, isHeldOut: isHeldOut, hasEnded: hasEnded,
      hasDiverged: hasDiverged, loss: hasEnded && !hasDiverged ? run.finalLoss : nil,
      // A model that knows nothing guesses evenly.
      initialLoss: run.initialLoss ?? run.vocabulary.map { .log(Double($0)) },
      spikes: diagnosis.lossSpikes.count, decaySum: diagnosis.plannedDecaySum,
      displacement: run.effectiveRate, rateOverNorm: diagnosis.meanRateOverNorm,
      findings: diagnosis.findings)
  }
}

/// What the runs of one basin share.
package struct CellPlace: Hashable, Sendable {
  package var params: Double
  package var tokens: Double
  package var batchTokens: Double?
  /// Optimizer and schedule with what sets them apart.
  package var variant: String

  package init(params: Double, tokens: Double, batchTokens: Double?, variant: String) {
    self.params = params
    self.tokens = tokens
    self.batchTokens = batchTokens
    self.variant = variant
  }
}

extension RunEvidence {
  /// The optimizer and schedule, in words that differ where these do.
  package var variant: String {
    guard let description else {
      return [optimizer, schedule].joined(separator: ", ")
        + (weightDecay.map { ", λ \($0.rounded(significant: 3).plain)" } ?? "")
    }
    let (rule, schedule) = (description.optimizer, description.schedule)
    var words = ["\(rule.title), λ \(rule.weightDecay.plain)"]
    if rule.decayConvention != .decoupled { words[0] += " (\(rule.decayConvention.rawValue))" }
    words.append(schedule.kind.rawValue)
    let recorded = RecordedSchedule(schedule, ramp: description.batchRamp)
    if schedule.decayFraction > 0 { words.append("decay \(schedule.decayFraction.plain)") }
    if schedule.decayFraction > 0, let shape = recorded.shape { words.append(shape) }
    if schedule.floor > 0 { words.append("floor \(schedule.floor.plain)") }
    if let settings = recorded.settings { words.append(settings) }
    words.append("warm-up \(Quantity.format(Double(schedule.warmupTokens)))")
    let standard = OptimizerDescription()
    if rule.betas != standard.betas {
      words.append("betas " + rule.betas.map(\.plain).joined(separator: " "))
    }
    if rule.epsilon != standard.epsilon { words.append("epsilon \(rule.epsilon.plain)") }
    if rule.clip != standard.clip { words.append("clip \(rule.clip?.plain ?? "none")") }
    words += description.learningRateByRole.sorted { $0.key < $1.key }
      .map { "\($0.key) × \($0.value.plain)" }
    if description.remedies != "none" { words.append(description.remedies) }
    if description.parametrization != "standard" { words.append(description.parametrization) }
    return words.joined(separator: ", ")
  }

  /// As `EffectiveRate` has it, which fits use too; `nil` without telemetry.
  var effectiveRate: Double? {
    guard let description else { return nil }
    return EffectiveRate.of(
      description,
      looks.map {
        (TrainingEvent(step: $0.step, tokens: $0.tokens, .telemetry($0.telemetry)), $0.telemetry)
      })
  }
}
