import RealModule

/// The optimum of one cell at its best batch size, made of the optima of its slices.
struct CellOptimum: Sendable {
  /// The cell's scale, without a batch size.
  var cell: RunScale
  /// `nil` where the optimum is not bracketed or no slice has enough learning rates.
  var site: OptimumSite?
  /// The log of the best batch size in tokens, with its standard error.
  var logBatch: (value: Double, standardError: Double)?
  /// Whether the best slices are those whose optimum is at the edge of the sweep.
  var isAtEdge: Bool

  /// The optima of all cells of `fits`.
  ///
  /// A slice counts by how likely its loss floor is the cell's lowest.
  ///
  /// - Parameters:
  ///   - fits: The slices' basins.
  ///   - law: The rate at a given batch size, towards which each slice's optimum is drawn.
  /// - Returns: One for each cell of the sweep, by ascending scale.
  static func all(in fits: BasinFits, drawnTo law: ScaleLaw?) -> [CellOptimum] {
    var slices: [RunScale: [(site: OptimumSite, isAtEdge: Bool)]] = [:]
    for (slice, site) in zip(fits.sweep.slices, fits.sites) {
      guard let site else { continue }
      slices[slice.scale.cell, default: []].append((site, slice.edge != nil))
    }
    return fits.sweep.cells.map { cell in
      CellOptimum(cell: cell, slices: slices[cell] ?? [], noise: fits.model.noise, drawnTo: law)
    }
  }

  private init(
    cell: RunScale, slices: [(site: OptimumSite, isAtEdge: Bool)], noise: Double,
    drawnTo law: ScaleLaw?
  ) {
    self.cell = cell
    let lowest = slices.map(\.site.logFloor).min() ?? 0
    let weights = slices.map { slice in
      let error = slice.site.floorError * slice.site.floorError + noise * noise
      let rise = slice.site.logFloor - lowest
      return Double.exp(-0.5 * rise * rise / error)
    }
    let total = weights.reduce(0, +)
    let edgeWeight = zip(slices, weights).reduce(0) { $0 + ($1.0.isAtEdge ? $1.1 : 0) }
    isAtEdge = !slices.isEmpty && edgeWeight > total / 2
    guard !slices.isEmpty, !isAtEdge else { return }

    let parts = zip(slices, weights).filter { !$0.0.isAtEdge }.map { slice, weight in
      (site: slice.site.drawn(to: law), weight: weight / (total - edgeWeight))
    }
    site = OptimumSite(scale: cell, combining: parts)
    let batches = parts.compactMap { part in
      part.site.scale.batchTokens.map { (log: Double.log($0), weight: part.weight) }
    }
    guard batches.count == parts.count else { return }
    let mean = batches.reduce(0) { $0 + $1.weight * $1.log }
    let variance = batches.reduce(0) { $0 + $1.weight * ($1.log - mean) * ($1.log - mean) }
    // Batch sizes are swept in steps, and the best one lies anywhere within one.
    let swept = batches.map(\.log).sorted()
    let steps = zip(swept, swept.dropFirst()).map { $1 - $0 }
    let step = steps.median ?? 0
    logBatch = (mean, (variance + step * step / 12).squareRoot())
  }
}

extension OptimumSite {
  /// The site after the law's prediction for its slice is added to its evidence.
  fileprivate func drawn(to law: ScaleLaw?) -> OptimumSite {
    guard let law else { return self }
    let spread = law.logVariance(at: scale)
    let own = 1 / (standardError * standardError)
    var site = self
    site.logOptimum =
      (own * logOptimum + law.logValue(at: scale) / spread) / (own + 1 / spread)
    site.standardError = (1 / (own + 1 / spread)).squareRoot()
    return site
  }
}
