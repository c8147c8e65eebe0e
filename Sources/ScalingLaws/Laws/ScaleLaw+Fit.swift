import RealModule
import Runs

extension ScaleLaw {
  /// The law that posteriors of one or several forms give together.
  ///
  /// Each form counts by its share; a draw is one of one form, so that not knowing the form is part of
  /// not knowing the answer. All must have the same observations.
  ///
  /// - Parameters:
  ///   - parts: At least one form and its share; the shares sum to 1.
  ///   - quantity: What was observed.
  ///   - measurementError: The usual error with which a sweep finds the quantity, in nats.
  ///   - options: Draws, the coefficients' confidence and the seed of the random streams.
  /// - Throws: `.singular`, for observations that are not finite.
  init(
    mixing parts: [(posterior: LawPosterior, share: Double)], of quantity: LawQuantity,
    measurementError: Double, options: FitOptions
  ) throws(FitError) {
    guard let system = parts.first?.posterior.system else { throw .noRuns }
    // An exponent that no form left free is known to be 0, and is still said.
    let used = Set(
      [.params, .tokens] + parts.flatMap { $0.posterior.system.basis.directions.flatMap(\.terms) })
    let terms = LawTerm.allCases.filter { used.contains($0) }

    var point = [Double](repeating: 0, count: terms.count)
    var offsets = [Double](repeating: 0, count: system.sizes.count)
    for (posterior, share) in parts {
      let mean = posterior.mean
      for (index, value) in posterior.spread(mean.coefficients, over: terms).enumerated() {
        point[index] += share * value
      }
      for (index, value) in mean.sizeOffsets.enumerated() { offsets[index] += share * value }
    }

    var draws = LawDraws(
      coefficients: terms.map { _ in [] }, sizeOffsets: system.sizes.map { _ in [] },
      cellDeviations: [], sizeDeviations: [])
    for replicate in 0..<options.draws {
      var random = KeyedRandom(
        seed: options.seed, RandomPurpose.law, UInt64(replicate),
        UInt64(quantity == .learningRate ? 0 : 1))
      var left = random.uniform()
      let chosen = parts.first { part in
        left -= part.share
        return left <= 0
      }
      let posterior = (chosen ?? parts[parts.count - 1]).posterior
      let drawn = try posterior.draw(&random)
      for (index, value) in posterior.spread(drawn.coefficients, over: terms).enumerated() {
        draws.coefficients[index].append(LawDraws.rounded(value))
      }
      for (index, value) in drawn.sizeOffsets.enumerated() {
        draws.sizeOffsets[index].append(LawDraws.rounded(value))
      }
      draws.cellDeviations.append(LawDraws.rounded(drawn.spreads.cells))
      draws.sizeDeviations.append(drawn.spreads.sizes)
    }

    self.quantity = quantity
    self.terms = terms
    self.measurementError = measurementError
    cellsShareOffsets = system.cellsShareOffsets
    centre = system.centre
    sizes = system.sizes
    sizeOffsets = offsets
    coefficients = zip(point, draws.coefficients).map { value, sample in
      var estimate = Estimate(value: value, sample: sample, confidence: options.confidence)
      // A coefficient that few draws have is 0 in both quantiles, and its mean is not.
      estimate.lower = min(estimate.lower, value)
      estimate.upper = max(estimate.upper, value)
      return estimate
    }
    self.draws = draws
  }
}

extension LawPosterior {
  /// Coefficients of the form's directions as coefficients of `terms`.
  fileprivate func spread(_ coefficients: [Double], over terms: [LawTerm]) -> [Double] {
    terms.map { term in
      zip(system.basis.directions, coefficients).reduce(0) {
        $0 + ($1.0.terms.contains(term) ? $1.1 : 0)
      }
    }
  }
}
