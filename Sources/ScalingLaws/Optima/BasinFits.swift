import RealModule

/// The basins of all slices of a sweep under one model, and what became of each slice.
struct BasinFits: Sendable {
  /// The sweep, with the runs marked that stand too far above their basins.
  private(set) var sweep: LearningRateSweep
  let model: BasinModel
  /// An entry for each slice of the sweep; `nil` where it has too few learning rates.
  private(set) var sites: [OptimumSite?]
  /// An entry for each slice, as `sites`.
  private var evidence: [SliceEvidence?]
  private(set) var correlation: TrunkCorrelation

  /// A run this many standard deviations above its basin has diverged.
  static let divergedDeviations = 10.0

  /// - Throws: `.allDiverged` or `.tooFewLearningRates`.
  init(_ sweep: LearningRateSweep) throws(FitError) {
    let points = sweep.slices.flatMap(\.points)
    guard !points.isEmpty else { throw .noRuns }
    guard points.contains(where: { !$0.diverged }) else { throw .allDiverged(count: points.count) }
    let evidence = sweep.slices.map { SliceEvidence($0) }
    let usable = evidence.compactMap { $0 }
    guard !usable.isEmpty else {
      let widest = sweep.slices.max { $0.learningRateCount < $1.learningRateCount }
      throw .tooFewLearningRates(
        most: widest?.learningRateCount ?? 0,
        scale: widest?.scale ?? RunScale(params: 0, tokens: 0))
    }
    let model = BasinModel.fitted(to: usable)
    self.model = model
    self.sweep = sweep
    sites = zip(sweep.slices, evidence).map { slice, evidence in
      evidence.flatMap { OptimumSite(slice, $0, under: model) }
    }
    self.evidence = evidence
    correlation = TrunkCorrelation(ofNeighbours: 0)
    markImplausible()
    markDiverged()
    correlation = TrunkCorrelation(sites.compactMap { $0?.errorShares })
  }

  /// Marks least losses that lie far below the basin which the rest of their slice shows.
  ///
  /// Such a loss would draw the optimum to itself, and with it all that is measured from the least.
  private mutating func markImplausible() {
    var slices = sweep.slices
    for index in slices.indices {
      guard let least = slices[index].leastPoint else { continue }
      var without = slices[index]
      without.markImplausible(at: least)
      guard let loss = slices[index].points[least].loss,
        let others = SliceEvidence(without), others.x.count >= SweepSlice.leastWitnesses,
        // Most least losses are near the next one, and need no second look.
        others.best - .log(loss) > Self.suspectDeviations * model.noise,
        let site = OptimumSite(without, others, under: model)
      else { continue }
      let place = slices[index].points[least].logLearningRate
      let rise = site.rise(at: place, under: model.shape)
      let step = site.standardError
      let lean =
        (site.rise(at: place + step, under: model.shape)
          - site.rise(at: place - step, under: model.shape)) / 2
      let variance =
        BasinModel.variance(
          noise: site.noise, excess: rise, evaluation: site.floorError * site.floorError)
        + lean * lean
      guard site.logFloor + rise - .log(loss) > Self.implausibleDeviations * variance.squareRoot()
      else { continue }
      slices[index] = without
      evidence[index] = others
      sites[index] = site
    }
    sweep = sweep.with(slices: slices)
  }

  private static let suspectDeviations = 3.0
  /// Fewer than for divergence: a loss that is too high is held off by its neighbours, one that is too
  /// low draws the optimum to itself.
  private static let implausibleDeviations = 6.0

  /// Marks the runs that stand far above their basin and refits their slices without them.
  private mutating func markDiverged() {
    var slices = sweep.slices
    for index in slices.indices {
      guard let site = sites[index] else { continue }
      var changed = false
      for place in slices[index].points.indices {
        let point = slices[index].points[place]
        guard !point.diverged, !point.isSuperseded, !point.isImplausible, let loss = point.loss
        else { continue }
        let rise = site.rise(at: point.logLearningRate, under: model.shape)
        let relativeError = (point.lossStandardError ?? 0) / loss
        let deviation = BasinModel.variance(
          noise: site.noise, excess: rise, evaluation: relativeError * relativeError
        ).squareRoot()
        guard .log(loss) - site.logFloor - rise > Self.divergedDeviations * deviation else {
          continue
        }
        slices[index].points[place].diverged = true
        changed = true
      }
      guard changed, let evidence = SliceEvidence(slices[index]) else { continue }
      self.evidence[index] = evidence
      sites[index] = OptimumSite(slices[index], evidence, under: model)
    }
    sweep = sweep.with(slices: slices)
  }

  /// Slices whose optimum lies between learning rates that were tried.
  var located: [OptimumSite] {
    zip(sweep.slices, sites).compactMap { slice, site in slice.edge == nil ? site : nil }
  }

  /// What the slices at the end of their learning rates add, where a law predicts their optimum.
  ///
  /// - Parameter predict: The mean and the variance of the log of the optimum at a scale.
  /// - Returns: A site for each such slice.
  /// - Throws: What `predict` throws.
  func beyondEdges(
    expecting predict: (RunScale) throws(FitError) -> (mean: Double, variance: Double)
  ) throws(FitError) -> [OptimumSite] {
    var sites: [OptimumSite] = []
    for (slice, evidence) in zip(sweep.slices, evidence) where slice.edge != nil {
      guard let evidence else { continue }
      let prediction = try predict(slice.scale)
      // A law that is surer than this of a slice it has not seen would be asked in its own favour.
      let deviation = max(prediction.variance.squareRoot(), Self.leastDeviation)
      let site = OptimumSite(
        slice, evidence, under: model,
        expecting: NormalPrior(mean: prediction.mean, deviation: deviation))
      if let site { sites.append(site) }
    }
    return sites
  }

  private static let leastDeviation = 0.3
}
