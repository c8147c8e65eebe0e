import RealModule

/// The optimum of one cell at its best batch size, made of the optima of its slices.
struct CellOptimum: Sendable {
  /// The cell's scale, without a batch size.
  var cell: RunScale
  /// What the slices say whose optimum is bracketed; `nil` where there are none.
  var site: OptimumSite?
  /// The log of the best batch size in tokens, with its standard error.
  var logBatch: (value: Double, standardError: Double)?
  /// The error that its slices' measurements give the optimum, apart from not knowing which of them
  /// is the best; `nil` as for the site.
  var measurementError: Double?
  /// Whether the slices that most likely have the lowest floor are at the edge of the sweep.
  ///
  /// The site then rests on batch sizes that do worse: good for a law, which draws it to what other
  /// cells say, and no measurement to test a law by.
  var isAtEdge: Bool

  /// The site, where it is a measurement of the cell's optimum.
  var measured: OptimumSite? { isAtEdge ? nil : site }

  /// The optima of all cells of `fits`.
  ///
  /// A slice counts by how likely its loss floor is the cell's lowest.
  ///
  /// - Parameters:
  ///   - fits: The slices' basins.
  ///   - law: The rate at a given batch size, towards which each slice's optimum is drawn.
  /// - Returns: One for each cell of the sweep, by ascending scale.
  /// - Throws: `.singular`, for a law that is not finite.
  static func all(
    in fits: BasinFits, drawnTo law: LawPosterior?
  ) throws(FitError) -> [CellOptimum] {
    var slices: [RunScale: [(site: OptimumSite, isAtEdge: Bool)]] = [:]
    for (slice, site) in zip(fits.sweep.slices, fits.sites) {
      guard let site else { continue }
      slices[slice.scale.cell, default: []].append((site, slice.edge != nil))
    }
    var cells: [CellOptimum] = []
    for cell in fits.sweep.cells {
      cells.append(
        try CellOptimum(
          cell: cell, slices: slices[cell] ?? [], noise: fits.model.noise, drawnTo: law))
    }
    return cells
  }

  private init(
    cell: RunScale, slices: [(site: OptimumSite, isAtEdge: Bool)], noise: Double,
    drawnTo law: LawPosterior?
  ) throws(FitError) {
    self.cell = cell
    let all = Self.weights(of: slices.map(\.site), noise: noise)
    isAtEdge = zip(slices, all).reduce(0) { $0 + ($1.0.isAtEdge ? $1.1 : 0) } > 0.5
    let located = slices.filter { !$0.isAtEdge }.map(\.site)
    guard !located.isEmpty else { return }
    let weights = Self.weights(of: located, noise: noise)
    var parts: [(site: OptimumSite, weight: Double)] = []
    for (site, weight) in zip(located, weights) { parts.append((try site.drawn(to: law), weight)) }
    site = OptimumSite(scale: cell, combining: parts)
    measurementError =
      zip(located, weights).reduce(0) { sum, part in
        let error = part.0.standardError * part.1
        return sum + error * error
      }.squareRoot()
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

  /// How likely each slice's loss floor is the lowest; they sum to 1.
  private static func weights(of sites: [OptimumSite], noise: Double) -> [Double] {
    let lowest = sites.map(\.logFloor).min() ?? 0
    let weights = sites.map { site in
      let rise = site.logFloor - lowest
      return Double.exp(-0.5 * rise * rise / (site.floorError * site.floorError + noise * noise))
    }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }
}

extension OptimumSite {
  /// The site after the law's prediction for its slice is added to its evidence.
  fileprivate func drawn(to law: LawPosterior?) throws(FitError) -> OptimumSite {
    guard let law else { return self }
    let predicted = try law.moments(at: scale)
    let own = 1 / (standardError * standardError)
    var site = self
    site.logOptimum =
      (own * logOptimum + predicted.mean / predicted.variance) / (own + 1 / predicted.variance)
    site.standardError = (1 / (own + 1 / predicted.variance)).squareRoot()
    return site
  }
}
