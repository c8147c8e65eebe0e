import RealModule

/// Standard deviations, in nats, of cells and of model sizes around a law.
struct Spreads: Hashable {
  var cells: Double
  var sizes: Double

  /// Log prior: log-normal for cells, half-normal for sizes.
  var logPrior: Double {
    NormalPrior(mean: .log(Self.usualCells), deviation: 0.8).logDensity(.log(cells))
      + NormalPrior(mean: 0, deviation: Self.usualSizes).logDensity(sizes)
  }

  /// What the prior expects of cells.
  static let usualCells = 0.12
  /// What the prior expects of model sizes: about what their aspect ratios may do.
  ///
  /// The candidates lie closer together near 0 and count alike, which makes it about 0.12 in all.
  static let usualSizes = 0.15

  /// From next to nothing to more than any sweep shows.
  static let cellCandidates: [Double] = (0..<9).map {
    .exp(.log(0.03) + Double($0) / 8 * .log(20))
  }
  static let sizeCandidates = [0, 0.05, 0.1, 0.15, 0.22, 0.32, 0.45]
}
