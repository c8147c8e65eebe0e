import RealModule

/// A measured log of the quantity at one scale.
package struct LawObservation {
  var scale: RunScale
  var value: Double
  var standardError: Double
  /// What the error is made of; none where it is its own.
  var errorShares: [ErrorShare]

  package init(
    scale: RunScale, value: Double, standardError: Double, errorShares: [ErrorShare] = []
  ) {
    self.scale = scale
    self.value = value
    self.standardError = standardError
    self.errorShares = errorShares
  }
}

extension LawObservation {
  init(_ site: OptimumSite) {
    self.init(
      scale: site.scale, value: site.logOptimum, standardError: site.standardError,
      errorShares: site.errorShares)
  }
}

/// A law's observations with the covariance of their errors, ready to be solved.
///
/// Observations of one model size may err together: branches of one trunk share its luck, and slices
/// of one cell may have a common offset. Sizes err apart, so the covariance is one block a size.
package struct LawSystem {
  let observations: [LawObservation]
  let basis: LawBasis
  let centre: RunScale
  /// By ascending params; each has an offset of its own.
  let sizes: [Double]
  let cellsShareOffsets: Bool
  private let correlation: TrunkCorrelation

  /// Blocks of more observations than this are cut, and what is cut apart is taken to err apart.
  private static let largestBlock = 512

  /// - Parameters:
  ///   - observations: At least one.
  ///   - basis: The coefficients that are free.
  ///   - cellsShareOffsets: Whether observations of one cell have a common offset.
  ///   - correlation: Of the luck of one trunk's horizons.
  package init(
    _ observations: [LawObservation], basis: LawBasis, cellsShareOffsets: Bool,
    correlation: TrunkCorrelation
  ) {
    self.observations = observations.sorted { $0.scale.blockOrder < $1.scale.blockOrder }
    self.basis = basis
    self.cellsShareOffsets = cellsShareOffsets
    self.correlation = correlation
    let scales = observations.map(\.scale)
    func geometricMean(_ values: [Double]) -> Double? {
      values.isEmpty ? nil : .exp(values.reduce(0) { $0 + .log($1) } / Double(values.count))
    }
    centre = RunScale(
      params: geometricMean(scales.map(\.params)) ?? 1,
      tokens: geometricMean(scales.map(\.tokens)) ?? 1,
      batchTokens: geometricMean(scales.compactMap(\.batchTokens)),
      activeShare: geometricMean(scales.compactMap(\.activeShare)))
    sizes = Set(scales.map(\.params)).sorted()
  }

  var columnCount: Int { basis.directions.count + sizes.count }

  /// What each direction's coefficient is multiplied by at `scale`.
  func features(at scale: RunScale) -> [Double] {
    basis.directions.map { direction in
      direction.terms.reduce(0) { $0 + $1.feature(at: scale, centre: centre) }
    }
  }

  /// Priors of the directions; the constant's stands at the mean of the observations.
  func priors() -> [NormalPrior] {
    let weights = observations.map {
      1 / ($0.standardError * $0.standardError + Spreads.usualCells * Spreads.usualCells)
    }
    let mean =
      zip(weights, observations).reduce(0) { $0 + $1.0 * $1.1.value } / weights.reduce(0, +)
    return basis.directions.map { direction in
      var prior = direction.prior
      if direction.terms == [.constant] { prior.mean = mean }
      return prior
    }
  }

  /// Blocks of observations with what correlates their errors.
  func blocks() -> [LawBlock] {
    var ranges: [Range<Int>] = []
    for index in observations.indices {
      if let last = ranges.last, last.count < Self.largestBlock,
        observations[last.lowerBound].scale.params == observations[index].scale.params
      {
        ranges[ranges.count - 1] = last.lowerBound..<index + 1
      } else {
        ranges.append(index..<index + 1)
      }
    }
    return ranges.map {
      LawBlock(observations[$0], cellsShareOffsets: cellsShareOffsets, correlation: correlation)
    }
  }

  /// The design of a block: a column for each direction, one for each size, then the values.
  func columns(of block: LawBlock) -> [Double] {
    let features = block.observations.map { self.features(at: $0.scale) }
    let ofDirections = basis.directions.indices.flatMap { column in features.map { $0[column] } }
    let ofSizes = sizes.flatMap { size in
      block.observations.map { $0.scale.params == size ? 1.0 : 0 }
    }
    return ofDirections + ofSizes + block.observations.map(\.value)
  }
}

extension RunScale {
  /// An order in which what errs together is together.
  fileprivate var blockOrder: (Double, Double, Double, Double) {
    (params, batchTokens ?? 0, tokens, activeShare ?? 0)
  }
}

/// Observations whose errors may go together.
struct LawBlock {
  let observations: ArraySlice<LawObservation>
  /// The covariance of measurement errors, by columns.
  let measurement: [Double]
  /// Where two observations are of one cell, 1; on the diagonal once more for their own deviation.
  private let deviation: [Double]

  var count: Int { observations.count }

  init(
    _ observations: ArraySlice<LawObservation>, cellsShareOffsets: Bool,
    correlation: TrunkCorrelation
  ) {
    self.observations = observations
    let items = Array(observations)
    let count = items.count
    var measurement = correlation.matrix(items.map(\.errorShares))
    var deviation = [Double](repeating: 0, count: count * count)
    for row in 0..<count {
      for column in 0..<count {
        measurement[column * count + row] *= items[row].standardError * items[column].standardError
        if cellsShareOffsets, items[row].scale.cell == items[column].scale.cell {
          deviation[column * count + row] += 1
        }
        if row == column { deviation[column * count + row] += 1 }
      }
    }
    self.measurement = measurement
    self.deviation = deviation
  }

  /// The factor of the errors' covariance where cells deviate from the law by `spread`.
  func factor(spread: Double) throws(FitError) -> Cholesky {
    try Cholesky(
      zip(measurement, deviation).map { $0 + spread * spread * $1 }, count: count)
  }
}
