import RealModule

/// What all cells of a loss surface share.
///
/// Logs are natural, and of scales they are relative to the surface's centre.
package enum SurfaceCoefficient: Int, CaseIterable {
  /// The log of the best learning rate at the centre, and its exponents in scale.
  case optimum, optimumParams, optimumTokens, optimumActiveShare
  /// How those exponents change with scale.
  case optimumParamsSquared, optimumParamsTimesTokens, optimumTokensSquared
  /// How the log of the best rate moves with that of the batch size, far below the best and far above.
  case couplingBelow, couplingAbove
  /// The log of a basin's depth, and of the powers of its sides.
  case depth, left, right
  /// The log of the best batch size at the centre, and its exponents in scale.
  case batch, batchParams, batchTokens
  /// The same of the basin along batch size.
  case batchDepth, batchLeft, batchRight

  /// What is thought of the coefficient before any run is seen.
  ///
  /// Exponents are as in `LawQuantity`. The best rate grows with small batches and hardly with large ones
  /// in Step Law's sweep, with both in OpenEuroLLM's; the widths leave room for that, for the square root,
  /// for linear growth and for none.
  func prior(among options: SurfaceOptions) -> NormalPrior {
    switch self {
    case .optimum: NormalPrior(mean: options.middleRate, deviation: 1)
    case .optimumParams: LawQuantity.learningRate.prior(of: .params)
    case .optimumTokens: LawQuantity.learningRate.prior(of: .tokens)
    case .optimumActiveShare: LawQuantity.learningRate.prior(of: .activeShare)
    case .optimumParamsSquared: Self.curvature(.paramsSquared)
    case .optimumParamsTimesTokens: Self.curvature(.paramsTimesTokens)
    case .optimumTokensSquared: Self.curvature(.tokensSquared)
    case .couplingBelow: NormalPrior(mean: 0.5, deviation: 0.3)
    case .couplingAbove: NormalPrior(mean: 0.25, deviation: 0.25)
    case .depth: NormalPrior(mean: .log(0.02), deviation: 1)
    case .left: NormalPrior(mean: .log(0.5), deviation: 0.7)
    case .right: NormalPrior(mean: 0, deviation: 0.7)
    case .batch: NormalPrior(mean: options.middleBatch, deviation: 1.2)
    case .batchParams: LawQuantity.batchTokens.prior(of: .params)
    case .batchTokens: LawQuantity.batchTokens.prior(of: .tokens)
    case .batchDepth: NormalPrior(mean: .log(0.01), deviation: 1)
    case .batchLeft, .batchRight: NormalPrior(mean: .log(0.7), deviation: 0.5)
    }
  }

  /// As wide as in a law that is curved with the prior share of that form, and else straight.
  private static func curvature(_ term: LawTerm) -> NormalPrior {
    let prior = LawQuantity.learningRate.prior(of: term)
    return NormalPrior(
      mean: 0, deviation: prior.deviation * LawForm.curved.priorShare.squareRoot())
  }
}

/// What one cell, or all cells of one model size, have of their own.
enum SurfaceOffset: Int, CaseIterable {
  /// Of the log of the best rate, of the best batch, of the depths along both, and the floor.
  case optimum, batch, depth, batchDepth, floor

  /// The spread of cells, in nats; a floor is what the runs say it is.
  var deviation: Double {
    switch self {
    case .optimum: Spreads.usualCells
    case .batch: 0.25
    case .depth: 0.4
    case .batchDepth: 0.3
    case .floor: 1
    }
  }
}

/// The learning rates and batch sizes that were or may be trained at.
///
/// Whoever sets up a sweep puts the middle of it where the optimum is thought to be.
package struct SurfaceOptions: Hashable, Sendable {
  /// Natural logs.
  var middleRate: Double
  var middleBatch: Double
  /// Whether batch sizes differ at all.
  var batchesVary: Bool

  /// - Parameters:
  ///   - learningRates: At least one.
  ///   - batches: Those known.
  package init(learningRates: [Double], batches: [Double]) {
    func middle(_ values: [Double]) -> Double {
      guard let least = values.min(), let greatest = values.max() else { return 0 }
      return .log(least * greatest) / 2
    }
    middleRate = middle(learningRates)
    middleBatch = middle(batches)
    batchesVary = Set(batches).count > 1
  }
}
