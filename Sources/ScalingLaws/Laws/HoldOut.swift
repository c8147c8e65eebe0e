import RealModule

/// A test of the law on the largest runs: fitted without them, it predicts them.
///
/// Runs that were only predicted take no part: they are no measurement to test the law by, and those
/// of smaller cells may follow from the runs that are held out.
package struct HoldOut: Hashable, Codable, Sendable {
  /// One held-out cell.
  package struct Cell: Hashable, Codable, Sendable {
    package var params: Double
    package var tokens: Double
    /// The share of the model that is active, where runs differ in it.
    package var activeShare: Double?
    package var measured: Estimate
    package var predicted: Estimate
    /// The rate that would have been recommended.
    package var recommended: Double
    /// What it would have cost: the percentage of loss above the cell's basin.
    package var penaltyPercent: Double
    package var isCovered: Bool
  }

  package var cells: [Cell]
  package var trainingCells: Int
  /// Root mean squares of the log of predicted over measured, of the law and of its rival.
  package var lawError: Double
  /// The rival is one learning rate for all scales: the mean of the smaller cells' optima.
  package var constantError: Double
  package var constantRate: Double

  package var meanPenaltyPercent: Double {
    cells.reduce(0) { $0 + $1.penaltyPercent } / Double(cells.count)
  }

  package var coveredCount: Int { cells.filter(\.isCovered).count }

  /// The share of cells, largest compute first, that the test holds out.
  private static let heldShare = 0.25
  /// Fewer cells than this do not give a law worth testing.
  private static let leastTrainingCells = 3

  /// - Returns: `nil` when too few cells have a located optimum, or those left give no law.
  init?(
    _ laws: FittedLaws, _ options: FitOptions, progress: @escaping (Double) -> Void
  ) {
    guard let laws = laws.measured(options) else { return nil }
    let located = laws.measuredCells.filter { $0.measured != nil }
    let heldCount = max(1, Int((Double(located.count) * Self.heldShare).rounded()))
    guard located.count - heldCount >= Self.leastTrainingCells else { return nil }
    let held = located.suffix(heldCount)
    guard let smallest = held.first?.cell else { return nil }
    let smaller = laws.sweep.slices.filter { $0.scale.cell < smallest }
    guard
      let trained = try? FittedLaws(laws.sweep.with(slices: smaller), options, progress: progress)
    else { return nil }

    let sites = trained.cells.compactMap(\.site)
    guard !sites.isEmpty else { return nil }
    let weights = sites.map { 1 / ($0.standardError * $0.standardError) }
    let constant =
      zip(weights, sites).reduce(0) { $0 + $1.0 * $1.1.logOptimum } / weights.reduce(0, +)
    var lawSquares = 0.0
    var constantSquares = 0.0
    cells = held.compactMap { cell in
      guard let site = cell.site else { return nil }
      let prediction = RatePrediction(
        trained.rate, at: cell.cell, basin: trained.fits.model, confidence: options.confidence)
      let miss = .log(prediction.optimum.value) - site.logOptimum
      lawSquares += miss * miss
      constantSquares += (constant - site.logOptimum) * (constant - site.logOptimum)
      let rise = site.rise(at: .log(prediction.learningRate), under: laws.fits.model.shape)
      return Cell(
        params: cell.cell.params, tokens: cell.cell.tokens, activeShare: cell.cell.activeShare,
        measured: site.estimate(confidence: options.confidence), predicted: prediction.optimum,
        recommended: prediction.learningRate,
        penaltyPercent: 100 * .expMinusOne(min(rise, SliceEvidence.widestExcess)),
        isCovered: (prediction.optimum.lower...prediction.optimum.upper)
          .contains(.exp(site.logOptimum)))
    }
    trainingCells = trained.measuredCells.count { $0.measured != nil }
    lawError = (lawSquares / Double(heldCount)).squareRoot()
    constantError = (constantSquares / Double(heldCount)).squareRoot()
    constantRate = .exp(constant)
  }
}

extension OptimumSite {
  /// The optimal rate with the interval of a normal error in its log.
  func estimate(confidence: Double) -> Estimate {
    let reach = standardError * normalQuantile((1 + confidence) / 2)
    return Estimate(
      value: .exp(logOptimum), lower: .exp(logOptimum - reach), upper: .exp(logOptimum + reach),
      confidence: confidence)
  }
}
