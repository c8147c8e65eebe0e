import RealModule

/// The laws that one sweep gives: the learning rate, and where batch size was swept, the batch.
struct FittedLaws: Sendable {
  let sweep: LearningRateSweep
  let fits: BasinFits
  /// The optimum of each cell as its own runs tell it, without the help of a law that has seen them.
  let measuredCells: [CellOptimum]
  /// The optima that the law is fitted on.
  let cells: [CellOptimum]
  /// The forms that were tried, and what each counts.
  let forms: FormChoice
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
    self.fits = fits
    progress(0.5)
    let located = fits.located
    guard !located.isEmpty else {
      let rates = sweep.slices.flatMap(\.points).map(\.learningRate)
      throw .everyOptimumAtEdge(
        zip(fits.sweep.slices, fits.sites).compactMap { slice, site in
          site.flatMap { _ in slice.edge }
        },
        learningRates: (rates.min() ?? 0)...(rates.max() ?? 0))
    }
    let sharesVary = sweep.slices.contains { $0.scale.activeShare != nil }
    let measuredCells = try CellOptimum.all(in: fits, drawnTo: nil)
    self.measuredCells = measuredCells
    let measured = measuredCells.compactMap { cell in
      cell.measured.map { MeasuredOptimum(observation: LawObservation($0), depth: $0.depth) }
    }
    let trials = try RollingOrigin(
      measured, sharesVary: sharesVary, shape: fits.model.shape, correlation: fits.correlation)

    func posterior(_ form: LawForm, _ sites: [OptimumSite]) throws(FitError) -> LawPosterior {
      try LawPosterior(
        LawSystem(
          sites.map { LawObservation($0) },
          basis: form.basis(of: .learningRate, sharesVary: sharesVary), cellsShareOffsets: false,
          correlation: fits.correlation))
    }

    /// The posteriors of the forms that count, fitted on `sites`.
    func posteriors(
      _ sites: [OptimumSite]
    ) throws(FitError) -> [(posterior: LawPosterior, share: Double)] {
      let counting = trials.trials.filter { $0.share >= Self.leastShare }
      let total = counting.reduce(0) { $0 + $1.share }
      var parts: [(posterior: LawPosterior, share: Double)] = []
      for trial in counting {
        parts.append((try posterior(trial.form, sites), trial.share / total))
      }
      return parts
    }

    /// The choice of form with the curvature that `sites` show.
    func choice(_ sites: [OptimumSite]) throws(FitError) -> FormChoice {
      FormChoice(
        trials: trials.trials, origins: trials.origins, predictedCells: trials.predictedCells,
        curvature: try ScaleLaw(
          mixing: [(posterior(.curved, sites), 1)], of: .learningRate, measurementError: 0,
          options: options
        ).curvatures, axes: try AxisComparison(measured, correlation: fits.correlation))
    }

    guard sweep.hasBatchSizes else {
      rateAtBatch = nil
      batch = nil
      cells = measuredCells
      let inside = try posteriors(located)
      let beyond = try fits.beyondEdges { scale throws(FitError) in
        try inside.moments(at: scale)
      }
      forms = try choice(located + beyond)
      rate = try ScaleLaw(
        mixing: beyond.isEmpty ? inside : try posteriors(located + beyond), of: .learningRate,
        measurementError: located.map(\.standardError).median ?? OptimumSite.leastError,
        options: options)
      return
    }
    let atBatch = try Self.posteriorAtBatch(fits, sharesVary: sharesVary)
    rateAtBatch = try ScaleLaw(
      mixing: [(atBatch, 1)], of: .learningRate,
      measurementError: located.map(\.standardError).median ?? OptimumSite.leastError,
      options: options)
    progress(0.8)
    let cells = try CellOptimum.all(in: fits, drawnTo: atBatch)
    self.cells = cells
    let sites = cells.compactMap(\.site)
    forms = try choice(sites)
    rate = try ScaleLaw(
      mixing: posteriors(sites), of: .learningRate,
      measurementError: measuredCells.compactMap(\.measurementError).median
        ?? OptimumSite.leastError, options: options)
    batch = try Self.batchLaw(of: fits, cells, sharesVary: sharesVary, options)
  }

  /// A form that counts less than this would hardly be drawn.
  private static let leastShare = 0.01

  /// The learning rate at a given batch size, with the slices at the end of their rates.
  private static func posteriorAtBatch(
    _ fits: BasinFits, sharesVary: Bool
  ) throws(FitError) -> LawPosterior {
    let basis = LawBasis(
      LawTerm.allCases.filter { $0 != .activeShare || sharesVary }, of: .learningRate)
    func posterior(_ sites: [OptimumSite]) throws(FitError) -> LawPosterior {
      try LawPosterior(
        LawSystem(
          sites.map { LawObservation($0) }, basis: basis, cellsShareOffsets: true,
          correlation: fits.correlation))
    }
    let inside = try posterior(fits.located)
    let beyond = try fits.beyondEdges { scale throws(FitError) in
      try inside.moments(at: scale)
    }
    return beyond.isEmpty ? inside : try posterior(fits.located + beyond)
  }

  /// The best batch size, or `nil` where no cell tells it.
  ///
  /// Where too few batch sizes were tried for a basin over them, what each cell's slices weigh.
  private static func batchLaw(
    of fits: BasinFits, _ cells: [CellOptimum], sharesVary: Bool, _ options: FitOptions
  ) throws(FitError) -> ScaleLaw? {
    let floors = zip(fits.sweep.slices, fits.sites).compactMap { slice, site in
      site.flatMap { BatchFloor(slice, $0) }
    }
    let located = try? BestBatches(floors, confidence: options.confidence).observations
    let weighed = cells.compactMap { cell in
      cell.logBatch.map {
        LawObservation(scale: cell.cell, value: $0.value, standardError: $0.standardError)
      }
    }
    let batches = located.flatMap { $0.isEmpty ? nil : $0 } ?? weighed
    guard !batches.isEmpty else { return nil }
    return try ScaleLaw(ofBatches: batches, sharesVary: sharesVary, options)
  }
}

extension ScaleLaw {
  /// The best batch size as a law of scale, from that of cells.
  ///
  /// - Parameters:
  ///   - batches: One at least.
  ///   - sharesVary: Whether cells differ in their active share.
  ///   - options: Draws, confidence and seed.
  /// - Throws: `.singular`, for observations that are not finite.
  init(
    ofBatches batches: [LawObservation], sharesVary: Bool, _ options: FitOptions
  ) throws(FitError) {
    let posterior = try LawPosterior(
      LawSystem(
        batches, basis: LawForm.paramsAndTokens.basis(of: .batchTokens, sharesVary: sharesVary),
        cellsShareOffsets: false, correlation: TrunkCorrelation(ofNeighbours: 0)))
    try self.init(
      mixing: [(posterior, 1)], of: .batchTokens,
      measurementError: batches.map(\.standardError).median ?? 0, options: options)
  }
}

extension [(posterior: LawPosterior, share: Double)] {
  /// The mean and the variance of the log of the quantity under all forms together.
  fileprivate func moments(
    at scale: RunScale
  ) throws(FitError) -> (mean: Double, variance: Double) {
    var mean = 0.0
    var square = 0.0
    for (posterior, share) in self {
      let part = try posterior.moments(at: scale)
      mean += share * part.mean
      square += share * (part.variance + part.mean * part.mean)
    }
    return (mean, Swift.max(square - mean * mean, 0))
  }
}

extension FittedLaws {
  /// The laws that the measured runs give alone, or `nil` when they give none.
  func measured(_ options: FitOptions) -> FittedLaws? {
    guard sweep.slices.flatMap(\.points).contains(where: \.isPredicted) else { return self }
    return try? FittedLaws(sweep.measured, options) { _ in }
  }
}
