extension StudyDescription {
  /// Refuses a study whose parts are at odds.
  package func checkConsistency() throws(DescriptionConflict) {
    let horizons = tokens + predictedTokens + [holdOut?.tokens].compactMap(\.self)
    if let shortest = horizons.min() {
      try schedule.check(horizon: shortest)
      if let batch = batchTokens.max(), shortest < batch {
        throw .shorterThanBatch(tokens: shortest, batchTokens: batch)
      }
    }
    if let repeated = predictedTokens.first(where: tokens.contains) {
      throw .predictedIsAnnealed(tokens: repeated)
    }
    guard predictedTokens.isEmpty || (sharesTrunk && tokens.count >= Self.leastHorizons) else {
      throw .tooFewHorizons(tokens.count, sharesTrunk: sharesTrunk)
    }
    for model in models + [holdOut?.model].compactMap(\.self) {
      for batch in batchTokens { try model.check(batchTokens: batch, corpus: corpus) }
      guard validation.tokens >= model.sequenceLength else {
        throw .validationTooShort(tokens: validation.tokens, sequenceLength: model.sequenceLength)
      }
    }
    guard chosenRuns?.isEmpty != true else { throw .noRunChosen }
    for run in chosenRuns ?? [] {
      let isInGrid =
        models.indices.contains(run.size - 1) && tokens.contains(run.tokens)
        && batchTokens.contains(run.batchTokens) && learningRates.values.contains(where: run.isAt)
      guard isInGrid else { throw .runOutsideGrid(run) }
    }
    if let holdOut, models.contains(holdOut.model), tokens.contains(holdOut.tokens) {
      throw .holdOutIsSwept(tokens: holdOut.tokens)
    }
  }

  /// A horizon is predicted from at least so many others, as the law along a trunk has three unknowns.
  package static let leastHorizons = 4
}
