import RealModule

/// The basins of all slices of a sweep under one model, and what became of each slice.
struct BasinFits: Sendable {
  /// The sweep, with the runs marked that stand too far above their basins.
  private(set) var sweep: LearningRateSweep
  let model: BasinModel
  /// An entry for each slice of the sweep; `nil` where it has too few learning rates.
  private(set) var sites: [OptimumSite?]
  private(set) var trunkErrors: TrunkErrors

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
      evidence.map { OptimumSite(slice, $0, under: model) }
    }
    trunkErrors = TrunkErrors(
      zip(sites, evidence).compactMap { site, evidence in
        if let site, let evidence { (site, evidence) } else { nil }
      }, under: model, trunkCount: sweep.trunkCount)
    markDiverged()
  }

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
        let deviation = model.variance(excess: rise, evaluation: relativeError * relativeError)
          .squareRoot()
        guard .log(loss) - site.logFloor - rise > Self.divergedDeviations * deviation else {
          continue
        }
        slices[index].points[place].diverged = true
        changed = true
      }
      guard changed, let evidence = SliceEvidence(slices[index]) else { continue }
      sites[index] = OptimumSite(slices[index], evidence, under: model)
    }
    sweep = sweep.with(slices: slices)
  }

  /// Slices whose optimum lies between learning rates that were tried.
  var located: [OptimumSite] {
    zip(sweep.slices, sites).compactMap { slice, site in slice.edge == nil ? site : nil }
  }

  /// The usual error with which a sweep finds an optimum, in nats.
  var measurementError: Double {
    located.map(\.standardError).median ?? OptimumSite.leastError
  }
}
