import RealModule
package import Runs

extension LearningRateLaw {
  /// The law that `records` give.
  ///
  /// - Parameters:
  ///   - records: Finished runs; at least three learning rates at one scale.
  ///   - source: Where they were read.
  ///   - notes: Warnings from reading them.
  ///   - options: Draws, confidence and seed.
  ///   - progress: Called now and then with the fraction done.
  /// - Throws: Why there is no law.
  package init(
    fitting records: [RunRecord], from source: LawSource, notes: [FitWarning] = [],
    options: FitOptions = FitOptions(), progress: @escaping (Double) -> Void = { _ in }
  ) throws(FitError) {
    guard !records.isEmpty else { throw .noRuns }
    let all = records
    let records = try all.carrying(options.rate)
    guard !records.isEmpty else { throw .allDiverged(count: all.count) }
    recipe = try SweepRecipe(of: records)
    try ActiveShares.check(records)
    let sweep = LearningRateSweep(records, rate: options.rate)
    let laws = try FittedLaws(sweep, options) { progress(0.6 * $0) }
    // The hold-out fits again, on fewer runs.
    holdOut = HoldOut(laws, options) { progress(0.6 + 0.4 * $0) }
    paramsKind = records[0].paramsKind
    rate = laws.rate
    rateAtBatch = laws.rateAtBatch
    rateKind = options.rate
    rateComparison = RateComparison(all, beside: laws, options)
    if rateKind == .effective {
      rate.quantity = .effectiveLearningRate
      rateAtBatch?.quantity = .effectiveLearningRate
      conversion = try RateConversion(
        RateConversion.observations(records), trunks: sweep.trunkCount,
        hasBatchSizes: sweep.hasBatchSizes)
      guard conversion?.rises == true else { throw .effectiveRateFalls }
    }
    batch = laws.batch
    basin = laws.fits.model
    forms = laws.forms
    trunkCorrelation = laws.fits.correlation.ofNeighbours
    cells = CellFit.all(of: laws, confidence: options.confidence)
    let points = laws.fits.sweep.measured.slices.flatMap(\.points)
    let shares = ActiveShares(of: records)
    activeShareKind = shares.kind
    ranges = try LawRanges(of: laws.fits.sweep.measured)
    if shares.kind != nil {
      ranges.activeShare = ValueRange(
        records.filter { !$0.isPredicted }.compactMap(shares.share(of:)))
    }
    self.source = source
    self.source.runs = points.count
    self.source.divergedRuns = points.filter(\.diverged).count
    self.source.implausibleRuns = points.filter(\.isImplausible).count
    self.source.predictedRuns = records.count(where: \.isPredicted)
    self.source.trunks = sweep.trunkCount
    warnings = notes
    warnings += rateWarnings(leftOut: all.count - records.count)
    warnings += fitWarnings(trunksAreAssumed: sweep.trunksAreAssumed)
  }
}

extension LawRanges {
  init(of sweep: LearningRateSweep) throws(FitError) {
    let scales = sweep.slices.map(\.scale)
    guard let params = ValueRange(scales.map(\.params)),
      let tokens = ValueRange(scales.map(\.tokens)),
      let rates = ValueRange(sweep.slices.flatMap(\.points).map(\.learningRate))
    else { throw .noRuns }
    self.params = params
    self.tokens = tokens
    learningRate = rates
    batchTokens = ValueRange(scales.compactMap(\.batchTokens))
  }
}

extension CellFit {
  /// The cells of `laws`, by ascending scale, each with the optimum that its own runs tell.
  static func all(of laws: FittedLaws, confidence: Double) -> [CellFit] {
    var slices: [RunScale: [SliceFit]] = [:]
    for (slice, site) in zip(laws.fits.sweep.slices, laws.fits.sites) {
      slices[slice.scale.cell, default: []].append(SliceFit(slice, site, confidence: confidence))
    }
    return laws.measuredCells.map { cell in
      let slices = slices[cell.cell] ?? []
      let status: Status =
        if cell.isAtEdge {
          .edge
        } else if cell.site != nil {
          .located
        } else {
          slices.contains { $0.status == .tooFewLearningRates }
            ? .tooFewLearningRates : .allDiverged
        }
      return CellFit(
        params: cell.cell.params, tokens: cell.cell.tokens, activeShare: cell.cell.activeShare,
        status: status,
        optimum: cell.measured?.estimate(confidence: confidence),
        bestBatchTokens: cell.logBatch.map { Double.exp($0.value).rounded() }, slices: slices)
    }
  }
}

extension SliceFit {
  init(_ slice: SweepSlice, _ site: OptimumSite?, confidence: Double) {
    batchTokens = slice.scale.batchTokens
    if let site {
      edge = slice.edge
      status = edge == nil ? .located : .edge
      optimum = site.estimate(confidence: confidence)
      minimumLoss = .exp(site.logFloor)
      minimumLossDeviation = site.floorDeviation
      depth = site.depth
    } else {
      status = slice.best == nil ? .allDiverged : .tooFewLearningRates
    }
    learningRates = slice.points.map(\.learningRate)
    losses = slice.points.map(\.loss)
    diverged = slice.points.map(\.diverged)
    predicted = slice.points.map(\.isPredicted)
  }
}
