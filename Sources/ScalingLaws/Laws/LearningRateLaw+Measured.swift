package import Runs

extension LearningRateLaw {
  /// Where the optimum of runs at one scale lies, if basins there have the shape of the law's.
  ///
  /// - Returns: `nil` when the runs do not bracket it, or are of more than one scale.
  package func optimum(measuredBy runs: [RunRecord], confidence: Double) -> Estimate? {
    let sweep = LearningRateSweep(runs)
    guard sweep.slices.count == 1, let slice = sweep.slices.first, slice.edge == nil,
      let evidence = SliceEvidence(slice)
    else { return nil }
    return OptimumSite(slice, evidence, under: basin)?.estimate(confidence: confidence)
  }
}
