/// Why parts of a study, each right by itself, do not go together.
package enum StudyConflict: Error, Hashable {
  /// The warm-up and the decay take more than the whole of the shortest horizon.
  case scheduleTooLong(warmupTokens: Int, decayTokens: Double, horizon: Int)
  case batchSplitsSequence(batchTokens: Int, sequenceLength: Int)
  case vocabularyTooSmall(model: Int, corpus: Int)
  case holdOutIsSwept(tokens: Int)

  /// The keys of a study that are at odds, the first of them to be mended first.
  var keys: [String] {
    switch self {
    case .scheduleTooLong: ["schedule", "tokens"]
    case .batchSplitsSequence: ["batch_tokens", "model"]
    case .vocabularyTooSmall: ["model"]
    case .holdOutIsSwept: ["hold_out"]
    }
  }
}

extension StudyConflict: CustomStringConvertible {
  package var description: String {
    switch self {
    case .scheduleTooLong(let warmupTokens, let decayTokens, let horizon):
      "`schedule` warms up for \(warmupTokens) tokens and decays for "
        + "\(Quantity.format(decayTokens)), longer than the shortest horizon, \(horizon); lower "
        + "`schedule.warmup_tokens` or `schedule.decay_fraction`, or leave that horizon out"
    case .batchSplitsSequence(let batchTokens, let sequenceLength):
      "`batch_tokens` \(batchTokens) is not a whole number of sequences of \(sequenceLength) "
        + "tokens; give a multiple, or another `model.sequence_length`"
    case .vocabularyTooSmall(let model, let corpus):
      "`model.vocabulary` \(model) is smaller than the corpus's, \(corpus); "
        + "give at least that, or leave it out"
    case .holdOutIsSwept(let tokens):
      "`hold_out` is a model of the sweep at \(tokens) tokens, a horizon of the sweep; "
        + "hold out another model or horizon"
    }
  }
}

extension StudyDescription {
  /// Refuses a study whose parts are at odds.
  package func checkConsistency() throws(StudyConflict) {
    try checkSchedule()
    for model in models + [holdOut?.model].compactMap(\.self) {
      for batch in batchTokens where !batch.isMultiple(of: model.sequenceLength) {
        throw .batchSplitsSequence(batchTokens: batch, sequenceLength: model.sequenceLength)
      }
      guard model.vocabulary >= corpus.vocabulary else {
        throw .vocabularyTooSmall(model: model.vocabulary, corpus: corpus.vocabulary)
      }
    }
    if let holdOut, models.contains(holdOut.model), tokens.contains(holdOut.tokens) {
      throw .holdOutIsSwept(tokens: holdOut.tokens)
    }
  }

  private func checkSchedule() throws(StudyConflict) {
    guard let horizon = (tokens + [holdOut?.tokens].compactMap(\.self)).min() else { return }
    let decayTokens = schedule.decayFraction * Double(horizon)
    guard Double(schedule.warmupTokens) + decayTokens <= Double(horizon) else {
      throw .scheduleTooLong(
        warmupTokens: schedule.warmupTokens, decayTokens: decayTokens, horizon: horizon)
    }
  }
}
