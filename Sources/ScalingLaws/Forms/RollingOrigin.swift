import RealModule

/// A cell whose optimum was measured, to be predicted from others.
struct MeasuredOptimum {
  var observation: LawObservation
  /// Of its basin.
  var depth: Double

  var scale: RunScale { observation.scale }
}

/// The forms of a law, tried inside the training runs by rolling origin.
///
/// The cells are ordered by compute. From each origin on, every form is fitted to the cells before it
/// and predicts those up to the next origin. A form counts by its prior share times the density that
/// it gave to what was then measured: what fits well and predicts badly does not count.
struct RollingOrigin {
  let trials: [FormTrial]
  let origins: Int
  let predictedCells: Int

  /// The shares of cells before each origin.
  private static let shares = [0.4, 0.55, 0.7, 0.85]
  /// Fewer cells than this do not give a law worth trying.
  private static let leastCells = 4

  /// How many cells come before each origin, for `count` cells.
  static func origins(of count: Int) -> [Int] {
    Set(shares.map { max(Int(($0 * Double(count)).rounded()), leastCells) })
      .filter { $0 < count }.sorted()
  }

  /// - Parameters:
  ///   - cells: By ascending scale.
  ///   - sharesVary: Whether the runs differ in their active share.
  ///   - shape: Of all basins.
  ///   - correlation: Of the luck of one trunk's horizons.
  /// - Throws: `.singular`, for optima that are not finite.
  init(
    _ cells: [MeasuredOptimum], sharesVary: Bool, shape: BasinShape, correlation: TrunkCorrelation
  ) throws(FitError) {
    let count = cells.count
    let origins = Self.origins(of: count)
    self.origins = origins.count
    predictedCells = origins.first.map { count - $0 } ?? 0
    var trials: [FormTrial] = []
    var logShares: [Double] = []
    for form in LawForm.allCases {
      var logDensity = Double.log(form.priorShare)
      var squares = 0.0
      var penalty = 0.0
      for (place, origin) in origins.enumerated() {
        let posterior = try LawPosterior(
          LawSystem(
            cells[..<origin].map(\.observation),
            basis: form.basis(of: .learningRate, sharesVary: sharesVary),
            cellsShareOffsets: false, correlation: correlation))
        let next = place + 1 < origins.count ? origins[place + 1] : count
        let block = cells[origin..<next]
        let predicted = try posterior.moments(at: block.map(\.scale))
        let misses = zip(block, predicted.means).map { $1 - $0.observation.value }
        logDensity += try Self.logDensity(
          of: misses, predicted.covariance,
          LawBlock(
            block.map(\.observation)[...], cellsShareOffsets: false, correlation: correlation))
        for (cell, miss) in zip(block, misses) {
          squares += miss * miss
          penalty += min(cell.depth * shape.rise(miss), SliceEvidence.widestExcess)
        }
      }
      logShares.append(logDensity)
      let predicted = Double(predictedCells)
      trials.append(
        FormTrial(
          form: form, share: 0, error: predicted > 0 ? (squares / predicted).squareRoot() : nil,
          penaltyPercent: predicted > 0 ? 100 * .expMinusOne(penalty / predicted) : nil))
    }
    let top = logShares.max() ?? 0
    let total = logShares.reduce(0) { $0 + .exp($1 - top) }
    for index in trials.indices { trials[index].share = .exp(logShares[index] - top) / total }
    self.trials = trials
  }

  /// The log density of misses whose covariance is that of the prediction and of the measurement.
  ///
  /// Together and not cell by cell: cells of one size share its offset, and horizons of one trunk its
  /// luck, so that ten of them may be little more evidence than one.
  private static func logDensity(
    of misses: [Double], _ covariance: [Double], _ measured: LawBlock
  ) throws(FitError) -> Double {
    let factor = try Cholesky(
      zip(covariance, measured.measurement).map { $0 + $1 }, count: misses.count)
    let whitened = try factor.solveLower(misses)
    return -0.5 * (whitened.reduce(0) { $0 + $1 * $1 } + factor.logDeterminant)
  }
}
