import RealModule

/// A design in the making: what is known of a loss surface, and what each open run would add to it.
///
/// Runs are taken without their results: the surface stays where it is and its covariance shrinks.
struct PlanDesign {
  let surface: LossSurface
  let targets: [RunScale]
  private let prices: RunPrices
  private(set) var covariance: [Double]
  private(set) var open: [OpenRun]
  let targetRows: [(value: Double, row: SparseRow, ownVariance: Double)]
  private var horizons: [RunSeries: [Double]]
  private var seen: Set<Int>

  /// A run that may be taken.
  struct OpenRun {
    let candidate: RunCandidate
    let place: SurfacePlace
    /// The derivatives of its log loss, and the covariance times them.
    let row: SparseRow
    var spread: [Double]
    /// The variance of its log loss around the surface.
    var noise: Double
    var price: Double
    var isTaken = false
  }

  /// The nodes and weights of a normal distribution in three points.
  private static let nodes: [(place: Double, weight: Double)] = [
    (-3.0.squareRoot(), 1.0 / 6), (0, 2.0 / 3), (3.0.squareRoot(), 1.0 / 6),
  ]
  /// No run is thought to be less noisy than this before it is trained.
  private static let leastNoise = 3e-4
  /// Each cell adds five numbers to a surface, and memory and time grow with their square and cube.
  private static let mostCells = 120
  /// The variance of a run that is sure to say nothing.
  static let saysNothing = 1e9

  init(
    _ sweep: LearningRateSweep, trained: TrainedRuns, open candidates: [RunCandidate],
    targets: [RunScale], prices: RunPrices
  ) throws(FitError) {
    let scales = sweep.slices.map(\.scale) + candidates.map(\.scale)
    let rates =
      sweep.slices.flatMap { $0.points.map(\.learningRate) } + candidates.map(\.learningRate)
    guard !scales.isEmpty else { throw .noRuns }
    let layout = SurfaceLayout(
      scales,
      options: SurfaceOptions(learningRates: rates, batches: scales.compactMap(\.batchTokens)))
    guard layout.cells.count <= Self.mostCells else {
      throw .tooManyScales(layout.cells.count, most: Self.mostCells)
    }
    let surface = try LossSurface(sweep, layout: layout)
    self.surface = surface
    self.targets = targets
    self.prices = prices
    covariance = surface.covariance
    let horizons = trained.horizons
    self.horizons = horizons
    targetRows = targets.map { surface.optimum(at: $0) }
    seen = Set(sweep.slices.compactMap { layout.cells.firstIndex(of: $0.scale.cell) })
    let count = layout.count
    open = candidates.compactMap { candidate in
      guard let place = layout.place(candidate.scale, learningRate: candidate.learningRate)
      else { return nil }
      let row = surface.model.loss(at: place).row
      return OpenRun(
        candidate: candidate, place: place, row: row,
        spread: row.times(surface.covariance, count: count), noise: Self.saysNothing,
        price: prices.operations(
          of: candidate, beside: horizons[RunSeries(candidate)] ?? []))
    }
    updateNoise()
  }

  /// What is known of the targets.
  var outlook: [TargetOutlook] {
    zip(targets, targetRows).map { target, found in
      TargetOutlook(
        target: target, logOptimum: found.value,
        variance: variance(of: found.row) + found.ownVariance, basin: surface.basin)
    }
  }

  func variance(of row: SparseRow) -> Double {
    max(row.dot(row.times(covariance, count: surface.layout.count)), 0)
  }

  /// Takes the runs of `choice`.
  mutating func take(_ choice: Choice) -> RunPlan.Step {
    let before = parts
    let prices = choice.runs.map { open[$0].price }
    let isNew = choice.runs.allSatisfy { !seen.contains(open[$0].place.cell) }
    for index in choice.runs { take(index) }
    updateNoise()
    return RunPlan.Step(
      runs: choice.runs.map { open[$0].candidate }, prices: prices,
      reason: Self.reason(from: before, to: parts, isNewCell: isNew),
      expected: outlook)
  }

  private mutating func take(_ index: Int) {
    let taken = open[index]
    let total = taken.noise + taken.row.dot(taken.spread)
    let count = surface.layout.count
    for column in 0..<count where taken.spread[column] != 0 {
      let factor = taken.spread[column] / total
      for row in 0..<count { covariance[column * count + row] -= factor * taken.spread[row] }
    }
    for other in open.indices where !open[other].isTaken {
      let factor = open[other].row.dot(taken.spread) / total
      for row in 0..<count { open[other].spread[row] -= factor * taken.spread[row] }
    }
    open[index].isTaken = true
    seen.insert(taken.place.cell)
    let series = RunSeries(taken.candidate)
    horizons[series, default: []].append(taken.candidate.scale.tokens)
    guard prices.sharedDecay != nil else { return }
    for other in open.indices where RunSeries(open[other].candidate) == series {
      open[other].price = prices.operations(
        of: open[other].candidate, beside: horizons[series] ?? [])
    }
  }

  /// Says how noisy each open run would be, wherever its cell's optimum may lie.
  private mutating func updateNoise() {
    let noise = max(surface.noise, Self.leastNoise)
    for (cell, runs) in Dictionary(grouping: open.indices, by: { open[$0].place.cell }) {
      guard let place = runs.first.map({ open[$0].place }) else { continue }
      let optimum = surface.model.optimum(place.scale, size: place.size, cell: cell)
      let batch = surface.model.bestBatch(place.scale, cell: cell)
      let errors = (
        variance(of: optimum.row).squareRoot(), variance(of: batch.row).squareRoot()
      )
      for index in runs where !open[index].isTaken {
        var precision = 0.0
        for alongBatch in open[index].place.batch == nil ? [(0, 1)] : Self.nodes {
          let offset = open[index].place.batch.map {
            $0 - batch.value - alongBatch.place * errors.1
          }
          let shift = offset.map { surface.model.coupling($0).value } ?? 0
          for alongRate in Self.nodes {
            let excess = surface.model.excess(
              rate: open[index].place.rate - optimum.value - alongRate.place * errors.0 - shift,
              batch: offset, cell: cell)
            guard excess < SliceEvidence.widestExcess else { continue }
            precision +=
              alongBatch.weight * alongRate.weight
              / BasinModel.variance(
                noise: noise, excess: excess, evaluation: 0, misfit: LossSurface.misfit)
          }
        }
        open[index].noise = precision > 0 ? 1 / precision : Self.saysNothing
      }
    }
  }
}
