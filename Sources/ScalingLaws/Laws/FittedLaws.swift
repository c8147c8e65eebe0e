import RealModule
import Runs

/// The laws that one sweep gives: the learning rate, and where batch size was swept, the batch.
struct FittedLaws: Sendable {
  let sweep: LearningRateSweep
  let fits: BasinFits
  /// The optimum of each cell as its own runs tell it, without the help of a law that has seen them.
  let measuredCells: [CellOptimum]
  /// The optima that the law is fitted on.
  let cells: [CellOptimum]
  /// The learning rate at the best batch size, or at the only one.
  let rate: ScaleLaw
  /// The learning rate at a given batch size.
  let rateAtBatch: ScaleLaw?
  /// The best batch size.
  let batch: ScaleLaw?

  init(
    _ sweep: LearningRateSweep, _ options: FitOptions, progress: (Double) -> Void
  ) throws(FitError) {
    self.sweep = sweep
    let fits = try BasinFits(sweep)
    progress(0.5)
    self.fits = fits
    let located = fits.located
    guard !located.isEmpty else {
      let rates = sweep.slices.flatMap(\.points).map(\.learningRate)
      throw .everyOptimumAtEdge(
        zip(fits.sweep.slices, fits.sites).compactMap { slice, site in
          site.flatMap { _ in slice.edge }
        },
        learningRates: (rates.min() ?? 0)...(rates.max() ?? 0))
    }
    func law(of sites: [OptimumSite], _ terms: [LawTerm], atBatch: Bool) throws(FitError)
      -> ScaleLaw
    {
      try ScaleLaw(
        fitting: sites.map {
          ScaleLaw.Observation(
            scale: $0.scale, value: $0.logOptimum, standardError: $0.standardError)
        }, of: .learningRate, terms: terms, cellsShareOffsets: atBatch, draws: options.draws,
        confidence: options.confidence, seed: options.seed
      ) { fits.trunkErrors.draw(for: sites, seed: options.seed, replicate: $0) }
    }

    let measuredCells = CellOptimum.all(in: fits, drawnTo: nil)
    self.measuredCells = measuredCells
    guard sweep.hasBatchSizes else {
      rateAtBatch = nil
      batch = nil
      cells = measuredCells
      rate = try law(of: cells.compactMap(\.site), [.constant, .params, .tokens], atBatch: false)
      return
    }
    let rateAtBatch = try law(
      of: located, [.constant, .params, .tokens, .batch], atBatch: true)
    self.rateAtBatch = rateAtBatch
    progress(0.7)
    let cells = CellOptimum.all(in: fits, drawnTo: rateAtBatch)
    let sites = cells.compactMap(\.site)
    // A cell can lose to its edge slices though others are located; then each slice stands alone.
    let usable = sites.isEmpty ? located : sites
    rate = try law(of: usable, [.constant, .params, .tokens], atBatch: false)
    progress(0.9)
    let batches = cells.compactMap { cell in
      cell.logBatch.map {
        ScaleLaw.Observation(scale: cell.cell, value: $0.value, standardError: $0.standardError)
      }
    }
    self.cells = cells
    batch =
      batches.isEmpty
      ? nil
      : try ScaleLaw(
        fitting: batches, of: .batchTokens, terms: [.constant, .params, .tokens],
        cellsShareOffsets: false, draws: options.draws, confidence: options.confidence,
        seed: options.seed
      ) { replicate in
        batches.indices.map { index in
          var random = KeyedRandom(
            seed: options.seed, RandomPurpose.batch, UInt64(replicate), UInt64(index))
          return random.normal()
        }
      }
  }
}

extension FittedLaws {
  /// The laws that the measured runs give alone, or `nil` when they give none.
  func measured(_ options: FitOptions) -> FittedLaws? {
    guard sweep.slices.flatMap(\.points).contains(where: \.isPredicted) else { return self }
    return try? FittedLaws(sweep.measured, options) { _ in }
  }
}
