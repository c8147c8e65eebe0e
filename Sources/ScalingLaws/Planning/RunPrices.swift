/// What runs cost, in floating-point operations.
package struct RunPrices: Hashable, Sendable {
  /// The last part of a run, in which its rate decays, where horizons branch off one run at the peak.
  ///
  /// A further horizon of a trunk then costs its decay, and what the trunk has to be longer for it.
  package var sharedDecay: Double?

  package init(sharedDecay: Double? = nil) {
    self.sharedDecay = sharedDecay
  }

  /// Forward and backward pass of a dense transformer without attention, as in arXiv 2001.08361,
  /// section 2.1.
  package static let operationsPerParameterAndToken = 6.0

  /// The operations of a whole run from its first step.
  ///
  /// A mixture of experts works with its active share alone; where that is the share of its experts, the
  /// rest of the model is taken for as sparse.
  package static func whole(_ candidate: RunCandidate) -> Double {
    candidate.operations
      ?? operationsPerParameterAndToken * candidate.scale.paramsTimesTokens
      * (candidate.scale.activeShare ?? ActiveShares.dense)
  }

  /// What a run costs beside others.
  ///
  /// - Parameters:
  ///   - candidate: The run.
  ///   - horizons: Tokens of the runs, trained or planned, that differ from it in nothing else.
  /// - Returns: Floating-point operations.
  func operations(of candidate: RunCandidate, beside horizons: [Double]) -> Double {
    let whole = Self.whole(candidate)
    guard let sharedDecay, let longest = horizons.max() else { return whole }
    let further = max(1 - longest / candidate.scale.tokens, 0)
    return whole * (sharedDecay + (1 - sharedDecay) * further)
  }
}
