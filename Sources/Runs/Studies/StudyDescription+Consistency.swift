extension StudyDescription {
  /// Refuses a study whose parts are at odds.
  package func checkConsistency() throws(DescriptionConflict) {
    let horizons = tokens + [holdOut?.tokens].compactMap(\.self)
    if let shortest = horizons.min() {
      try schedule.check(horizon: shortest)
      if let batch = batchTokens.max(), shortest < batch {
        throw .shorterThanBatch(tokens: shortest, batchTokens: batch)
      }
    }
    for model in models + [holdOut?.model].compactMap(\.self) {
      for batch in batchTokens { try model.check(batchTokens: batch, corpus: corpus) }
    }
    if let holdOut, models.contains(holdOut.model), tokens.contains(holdOut.tokens) {
      throw .holdOutIsSwept(tokens: holdOut.tokens)
    }
  }
}
