import RealModule

/// Whether a sweep predicts a larger run better from shorter runs of its size or from smaller models
/// trained as long, at equal compute.
///
/// The comparison is that of Yang et al. 2026 (arXiv 2606.29158, figures 1 and 4, as read in their
/// captions): one law along tokens at the target's size, one along params at its horizon, both from
/// runs that each cost at most a given part of the target's. Shorter runs of the target's own trunk
/// share its luck, which is in favour of tokens.
package struct AxisComparison: Hashable, Codable, Sendable {
  /// The root mean square of the log of predicted over measured, from shorter runs.
  package var tokensError: Double
  /// The same from smaller models.
  package var paramsError: Double
  /// How many cells were predicted both ways.
  package var targets: Int
  /// How many predictions that makes, over parts of the compute.
  package var predictions: Int

  /// The axis to extrapolate along, where one is clearly better.
  package var better: ScaleQuantity? {
    guard targets >= Self.leastTargets else { return nil }
    if tokensError < Self.clearly * paramsError { return .tokens }
    return paramsError < Self.clearly * tokensError ? .params : nil
  }

  /// An axis is clearly better where its error is at most this part of the other's; the errors rest on
  /// few cells, and by chance one is often the lesser.
  private static let clearly = 0.5
  private static let leastTargets = 3
  /// The parts of the target's compute that a run may cost.
  private static let parts = [0.5, 0.25, 0.125, 0.0625]
  /// Horizons of different sizes that are closer than this, in nats, are the same.
  private static let tolerance = 0.02
  private static let leastCells = 2

  /// `nil` where no cell can be predicted both ways.
  ///
  /// - Parameters:
  ///   - cells: The cells whose optimum was measured.
  ///   - correlation: Of the luck of one trunk's horizons.
  /// - Throws: `.singular`, for optima that are not finite.
  init?(_ cells: [MeasuredOptimum], correlation: TrunkCorrelation) throws(FitError) {
    var squares = (tokens: 0.0, params: 0.0)
    var targets: Set<RunScale> = []
    var predictions = 0
    for target in cells {
      // Another active share is another model, of which neither axis says anything.
      let alike = cells.filter { $0.scale.activeShare == target.scale.activeShare }
      let ofSize = alike.filter { $0.scale.params == target.scale.params }
      let ofHorizon = alike.filter {
        abs(.log($0.scale.tokens / target.scale.tokens)) < Self.tolerance
          && $0.scale.params != target.scale.params
      }
      for part in Self.parts {
        func isCheap(_ cell: MeasuredOptimum) -> Bool {
          .log(cell.scale.paramsTimesTokens / target.scale.paramsTimesTokens)
            < .log(part) + Self.tolerance
        }
        let shorter = ofSize.filter(isCheap)
        let smaller = ofHorizon.filter(isCheap)
        guard shorter.count >= Self.leastCells, smaller.count >= Self.leastCells else { continue }
        let misses = (
          try Self.miss(of: target, from: shorter, along: .tokens, correlation),
          try Self.miss(of: target, from: smaller, along: .params, correlation)
        )
        squares.tokens += misses.0 * misses.0
        squares.params += misses.1 * misses.1
        predictions += 1
        targets.insert(target.scale)
      }
    }
    guard predictions > 0 else { return nil }
    tokensError = (squares.tokens / Double(predictions)).squareRoot()
    paramsError = (squares.params / Double(predictions)).squareRoot()
    self.targets = targets.count
    self.predictions = predictions
  }

  /// The log of predicted over measured.
  private static func miss(
    of target: MeasuredOptimum, from cells: [MeasuredOptimum], along term: LawTerm,
    _ correlation: TrunkCorrelation
  ) throws(FitError) -> Double {
    // Both axes start from the same prior, so that it decides for neither.
    var basis = LawBasis([.constant, term], of: .learningRate)
    basis.directions[1].prior = NormalPrior(mean: 0, deviation: 1)
    let posterior = try LawPosterior(
      LawSystem(
        cells.map(\.observation), basis: basis, cellsShareOffsets: false,
        correlation: correlation))
    return try posterior.moments(at: target.scale).mean - target.observation.value
  }
}
