import RealModule
package import Runs

extension HorizonSearch {
  /// Fits the search-factor law to the annealed losses of each size and predicts the rest.
  ///
  /// It is `nil` where no trunk has horizons enough.
  ///
  /// A size needs a trunk with four finished horizons; trunks with fewer, and those whose loss does
  /// not fall along them, are no part of its law. Nothing is predicted that was annealed, that lies
  /// at or beyond a horizon where its trunk diverged, that is shorter than the shortest horizon, or
  /// that is further ahead of the longest, in logs, than the shortest is behind it.
  ///
  /// - Parameters:
  ///   - records: Annealed runs; trunks that were not annealed must not be among them.
  ///   - horizons: Tokens at which losses are wanted.
  ///   - confidence: That of the intervals.
  package init?(
    fitting records: [RunRecord], predicting horizons: [Double], confidence: Double
  ) {
    let sizes = HorizonTrunk.bySize(HorizonTrunk.all(in: records))
    let usable = sizes.map { $0.filter { $0.isUsable() } }
    let trial = HorizonTrial(usable.filter { !$0.isEmpty }, confidence: confidence)
    let wanted = GroupedValues(horizons)
    let horizons = Set(horizons.map { wanted[$0] }).filter { $0 > 0 && $0.isFinite }.sorted()
    let laws = zip(sizes, usable).compactMap { all, usable in
      HorizonLaw(
        usable, of: all, predicting: horizons, confidence: confidence, trial: trial)
    }
    guard !laws.isEmpty else { return nil }
    self.init(
      laws: laws, test: trial.test,
      gridCells: sizes.reduce(0) { $0 + Self.gridCells(of: $1, wanted: horizons) },
      measuredCells: sizes.joined().reduce(0) { $0 + $1.runCount },
      predictedCells: laws.flatMap(\.curves).reduce(0) { $0 + $1.predicted.count },
      misfit: trial.misfit)
  }

  /// The trunks of a size times the horizons that were annealed or are wanted.
  private static func gridCells(of trunks: [HorizonTrunk], wanted: [Double]) -> Int {
    let tokens = trunks.flatMap { $0.points.map(\.tokens) + [$0.divergedTokens].compactMap { $0 } }
    let groups = GroupedValues(tokens + wanted)
    return trunks.count * Set((tokens + wanted).map { groups[$0] }).count
  }
}

extension HorizonLaw {
  /// - Parameters:
  ///   - usable: The trunks of one size that the law can be fitted to.
  ///   - all: All trunks of the size.
  ///   - horizons: Tokens at which losses are wanted, ascending.
  ///   - confidence: That of the intervals.
  ///   - trial: How far off the law is at held-out horizons.
  fileprivate init?(
    _ usable: [HorizonTrunk], of all: [HorizonTrunk], predicting horizons: [Double],
    confidence: Double, trial: HorizonTrial
  ) {
    guard let first = usable.first, let fit = HorizonFit(usable) else { return nil }
    var predicted = [[HorizonLoss]](repeating: [], count: usable.count)
    for tokens in horizons {
      let indices = usable.indices.filter { usable[$0].mayPredict(tokens) }
      let predictions = indices.map {
        fit.prediction(ofTrunk: $0, at: tokens, misfit: trial.misfit, tilt: trial.tilt)
      }
      let isMixed = all.contains { trunk in
        trunk.points.contains { abs($0.tokens / tokens - 1) <= GroupedValues.tolerance }
      }
      let differences = HorizonDifferences(predictions, besideMeasured: isMixed)
      for (place, index) in indices.enumerated() {
        let loss = fit.loss(
          predictions[place], at: tokens, confidence: confidence,
          differenceVariance: differences.variances[place])
        // A loss known worse than a basin is high tells nothing, and bounds no optimum.
        guard loss.standardError < SliceEvidence.widestExcess * loss.loss.value else { continue }
        predicted[index].append(loss)
      }
    }
    self.init(
      params: first.params, batchTokens: first.batchTokens,
      exponent: fit.exponent(confidence: confidence), noise: fit.noise,
      curves: usable.enumerated().map { index, trunk in
        HorizonCurve(
          trunk, fit.middle.curves[index], predicted: predicted[index], confidence: confidence)
      })
  }
}

extension HorizonCurve {
  fileprivate init(
    _ trunk: HorizonTrunk, _ curve: HorizonCandidate.Curve, predicted: [HorizonLoss],
    confidence: Double
  ) {
    self.init(
      trunk: trunk.name, learningRate: trunk.learningRate, seed: trunk.seed, floor: curve.floor,
      excess: curve.lossAtLast - curve.floor, reference: .exp(curve.last),
      measured: trunk.points.map { point in
        HorizonLoss(
          tokens: point.tokens,
          loss: Estimate(
            value: point.loss, lower: point.loss, upper: point.loss, confidence: confidence),
          standardError: 0)
      }, predicted: predicted)
  }
}

extension HorizonTrunk {
  fileprivate func mayPredict(_ tokens: Double) -> Bool {
    guard !isSettled(at: tokens), let first = points.first, let last = points.last else {
      return false
    }
    return tokens * first.tokens <= last.tokens * last.tokens && tokens > first.tokens
  }
}
