import RealModule

/// Standard deviations, in nats, of cells and of model sizes around a law.
struct Spreads: Hashable {
  var cells: Double
  var sizes: Double

  /// Log prior: log-normal for cells, half-normal for sizes.
  var logPrior: Double {
    NormalPrior(mean: .log(Self.usualCells), deviation: 0.8).logDensity(.log(cells))
      + NormalPrior(mean: 0, deviation: 0.25).logDensity(sizes)
  }

  /// What the prior expects of cells.
  static let usualCells = 0.12

  /// Pairs from next to nothing to more than any sweep shows.
  static let candidates: [Spreads] = (0..<9).flatMap { step in
    let cells = Double.exp(.log(0.03) + Double(step) / 8 * .log(20))
    return [0, 0.05, 0.1, 0.15, 0.22, 0.32, 0.45].map { Spreads(cells: cells, sizes: $0) }
  }
}
