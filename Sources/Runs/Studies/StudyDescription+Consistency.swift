extension StudyDescription {
  /// Refuses a study whose parts are at odds.
  package func checkConsistency() throws(DescriptionConflict) {
    let horizons = tokens + predictedTokens + [holdOut?.tokens].compactMap(\.self)
    if let shortest = horizons.min(), let longest = horizons.max() {
      // A warm-up may be too long for the shortest, and a floor too high for what the longest decays to.
      for entry in schedules {
        try entry.schedule.check(horizon: shortest)
        try entry.schedule.check(horizon: longest)
      }
      try checkRamp(horizon: shortest)
      if let batch = batchTokens.max(), shortest < batch {
        throw .shorterThanBatch(tokens: shortest, batchTokens: batch)
      }
    }
    try checkHorizons()
    if let repeated = predictedTokens.first(where: tokens.contains) {
      throw .predictedIsAnnealed(tokens: repeated)
    }
    let shareTrunks = schedules.allSatisfy(\.sharesTrunk)
    guard predictedTokens.isEmpty || (shareTrunks && tokens.count >= Self.leastHorizons) else {
      throw .tooFewHorizons(tokens.count, sharesTrunk: shareTrunks)
    }
    guard holdOut == nil || variants.count == 1 else {
      throw .heldOutRivals(variants: variants.count)
    }
    for model in models + [holdOut?.model].compactMap(\.self) {
      for batch in batchTokens { try model.check(batchTokens: batch, corpus: corpus) }
      guard validation.tokens >= model.sequenceLength else {
        throw .validationTooShort(tokens: validation.tokens, sequenceLength: model.sequenceLength)
      }
    }
    guard chosenRuns?.isEmpty != true else { throw .noRunChosen }
    for run in chosenRuns ?? [] { try check(run) }
    if let holdOut, models.contains(holdOut.model), tokens.contains(holdOut.tokens) {
      throw .holdOutIsSwept(tokens: holdOut.tokens)
    }
  }

  /// Refuses horizons that come to as many steps, which would be one run told twice.
  private func checkHorizons() throws(DescriptionConflict) {
    for batch in batchTokens {
      let batches = BatchStages(batchTokens: batch, ramp: batchRamp)
      var seen: [Int: Int] = [:]
      for horizon in tokens {
        let steps = batches.steps(for: horizon)
        if let other = seen[steps] {
          throw .equalHorizons(tokens: other, other: horizon, steps: steps)
        }
        seen[steps] = horizon
      }
    }
  }

  private func checkRamp(horizon: Int) throws(DescriptionConflict) {
    guard let batchRamp else { return }
    for batch in batchTokens {
      for model in models + [holdOut?.model].compactMap(\.self) {
        try batchRamp.check(
          batchTokens: batch, horizon: horizon, sequenceLength: model.sequenceLength)
      }
    }
  }

  /// A horizon is predicted from at least so many others, as the law along a trunk has three unknowns.
  package static let leastHorizons = 4
}
