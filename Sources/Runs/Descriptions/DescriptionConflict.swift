/// Why parts of a description, each right by itself, do not go together.
package enum DescriptionConflict: Error, Hashable {
  /// The warm-up and the decay take more than the whole of a run.
  case scheduleTooLong(warmupTokens: Int, decayTokens: Double, horizon: Int)
  /// A decay that would go up: it begins below the floor that it ends at.
  case floorAboveDecay(floor: Double, start: Double)
  /// A power of the tokens that has left the peak before the warm-up has come to it.
  case powerDuringWarmup(powerTokens: Int, warmupTokens: Int)
  case cycleTooLong(cycleTokens: Int, horizon: Int)
  case batchSplitsSequence(batchTokens: Int, sequenceLength: Int)
  case rampMissesBatch(from: Int, batchTokens: Int)
  case rampSplitsSequence(from: Int, sequenceLength: Int)
  case rampTooLong(tokens: Int, horizon: Int)
  case vocabularyTooSmall(model: Int, corpus: Int)
  case shorterThanBatch(tokens: Int, batchTokens: Int)
  case validationTooShort(tokens: Int, sequenceLength: Int)
  case holdOutIsSwept(tokens: Int)
  case predictedIsAnnealed(tokens: Int)
  /// Two horizons of as many steps.
  case equalHorizons(tokens: Int, other: Int, steps: Int)
  case noRunChosen
  case runOutsideGrid(StudyDescription.ChosenRun)
  /// A chosen run of a study with several optimizers or schedules.
  case variantMissing(key: String, count: Int)
  case heldOutRivals(variants: Int)
  /// To predict others from.
  case tooFewHorizons(Int, sharesTrunk: Bool)

  /// The keys of a description that are at odds, the first of them to be mended first.
  var keys: [String] {
    switch self {
    case .scheduleTooLong, .cycleTooLong: ["schedule", "tokens"]
    case .floorAboveDecay, .powerDuringWarmup: ["schedule"]
    case .batchSplitsSequence: ["batch_tokens", "model"]
    case .rampMissesBatch, .rampSplitsSequence, .rampTooLong: ["batch_ramp"]
    case .vocabularyTooSmall: ["model"]
    case .shorterThanBatch, .equalHorizons: ["tokens"]
    case .validationTooShort: ["validation", "model"]
    case .holdOutIsSwept, .heldOutRivals: ["hold_out"]
    case .noRunChosen, .runOutsideGrid, .variantMissing: ["runs"]
    case .predictedIsAnnealed, .tooFewHorizons: ["predict_tokens", "tokens"]
    }
  }
}

extension DescriptionConflict: CustomStringConvertible {
  package var description: String {
    switch self {
    case .scheduleTooLong(let warmupTokens, let decayTokens, let horizon):
      "`schedule` warms up for \(warmupTokens) tokens and decays for "
        + "\(Quantity.format(decayTokens)), longer than a run of \(horizon); lower "
        + "`schedule.warmup_tokens` or `schedule.decay_fraction`, or train for more `tokens`"
    case .floorAboveDecay(let floor, let start):
      "`schedule.floor` \(floor) is above \(Quantity.format(start)), the fraction of the peak at which the decay "
        + "to it begins; lower it, or set `schedule.decay_fraction: 0`"
    case .powerDuringWarmup(let powerTokens, let warmupTokens):
      "`schedule.power_tokens` \(powerTokens) is below `schedule.warmup_tokens` \(warmupTokens), and the peak "
        + "would never be come to; give at least that, or a shorter warm-up"
    case .cycleTooLong(let cycleTokens, let horizon):
      "`schedule.cycle_tokens` \(cycleTokens) is longer than a run of \(horizon) tokens; give at most that, "
        + "or train for more `tokens`"
    case .batchSplitsSequence(let batchTokens, let sequenceLength):
      "`batch_tokens` \(batchTokens) is not a whole number of sequences of \(sequenceLength) "
        + "tokens; give a multiple, or another `model.sequence_length`"
    case .rampMissesBatch(let from, let batchTokens):
      "`batch_ramp.from` \(from) does not come to `batch_tokens` \(batchTokens) by doubling; give a "
        + "half, a quarter, an eighth or so of it"
    case .rampSplitsSequence(let from, let length):
      "`batch_ramp.from` \(from) is not a whole number of sequences of \(length) tokens; give a multiple"
    case .rampTooLong(let tokens, let horizon):
      "`batch_ramp.tokens` \(tokens) is not below the run's `tokens`, \(horizon); let the batch be "
        + "whole before the run ends"
    case .vocabularyTooSmall(let model, let corpus):
      "`model.vocabulary` \(model) is smaller than the corpus's, \(corpus); "
        + "give at least that, or leave it out"
    case .shorterThanBatch(let tokens, let batchTokens):
      "`tokens` \(tokens) is less than one batch of \(batchTokens); train for more, or lower "
        + "`batch_tokens`"
    case .validationTooShort(let tokens, let sequenceLength):
      "`validation.tokens` \(tokens) is less than one sequence of \(sequenceLength) tokens; "
        + "give at least that, or a shorter `model.sequence_length`"
    case .holdOutIsSwept(let tokens):
      "`hold_out` is a model of the sweep at \(tokens) tokens, a horizon of the sweep; "
        + "hold out another model or horizon"
    case .noRunChosen:
      "`runs` is empty, so nothing is asked; list the runs wanted, or leave `runs` out for all of the grid"
    case .runOutsideGrid(let run):
      "`runs` has one of size \(run.size) on \(run.tokens) tokens at batch_tokens \(run.batchTokens) and "
        + "learning_rate \(run.learningRate)\(run.variantWords), which is not in the grid of `model.sizes`, "
        + "`tokens`, `batch_tokens` and `learning_rates`; add it there, or take it out of `runs`"
    case .variantMissing(let key, let count):
      "`runs` has one without `\(key)`, and the study has \(count); give its place in the list, from 1 to "
        + "\(count)"
    case .heldOutRivals(let variants):
      "`hold_out` tests one law, and the study has \(variants) rivals, each with a law of its own; leave "
        + "`hold_out` out, and once there is a winner keep it alone in the file with `hold_out`: its runs "
        + "are not trained again"
    case .equalHorizons(let tokens, let other, let steps):
      "`tokens` has \(tokens) and \(other), which are both \(steps) steps and so the same run; keep one of "
        + "them"
    case .predictedIsAnnealed(let tokens):
      "`predict_tokens` holds \(tokens), which `tokens` has annealed; keep it in one of them"
    case .tooFewHorizons(let count, true):
      "`predict_tokens` needs at least \(StudyDescription.leastHorizons) horizons to predict from, and "
        + "`tokens` has \(count); add horizons, or leave `predict_tokens` out"
    case .tooFewHorizons(_, false):
      "`predict_tokens` needs horizons that share a trunk; use a wsd or wsm `schedule` with "
        + "`share_trunk: true`, or leave `predict_tokens` out"
    }
  }
}

extension StudyDescription.ChosenRun {
  fileprivate var variantWords: String {
    (optimizer.map { " by optimizer \($0)" } ?? "")
      + (schedule.map { " under schedule \($0)" } ?? "")
  }
}

extension ScheduleDescription {
  /// Refuses a run of `horizon` tokens that the schedule does not fit into.
  func check(horizon: Int) throws(DescriptionConflict) {
    let decayTokens = decayFraction * Double(horizon)
    let before = warmupTokens + cooldownTokens
    guard Double(before) + decayTokens <= Double(horizon) else {
      throw .scheduleTooLong(warmupTokens: before, decayTokens: decayTokens, horizon: horizon)
    }
    guard kind != .power || powerTokens >= warmupTokens else {
      throw .powerDuringWarmup(powerTokens: powerTokens, warmupTokens: warmupTokens)
    }
    guard kind != .cyclic || cycleTokens <= horizon else {
      throw .cycleTooLong(cycleTokens: cycleTokens, horizon: horizon)
    }
    let start = endless(at: Double(horizon) - decayTokens)
    guard decayFraction == 0 || floor <= start else {
      throw .floorAboveDecay(floor: floor, start: start)
    }
  }
}

extension ModelDescription {
  /// Refuses batches that would split a sequence, and a corpus with tokens the model has no row for.
  func check(batchTokens: Int, corpus: CorpusDescription) throws(DescriptionConflict) {
    guard batchTokens.isMultiple(of: sequenceLength) else {
      throw .batchSplitsSequence(batchTokens: batchTokens, sequenceLength: sequenceLength)
    }
    guard vocabulary >= corpus.vocabulary else {
      throw .vocabularyTooSmall(model: vocabulary, corpus: corpus.vocabulary)
    }
  }
}
