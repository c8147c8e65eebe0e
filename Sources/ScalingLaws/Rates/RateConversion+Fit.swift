import RealModule
import Runs

extension RateConversion {
  /// One run: where it stands, and the log of its effective rate.
  struct Observation {
    var logPeak: Double
    var scale: RunScale
    var logEffective: Double
  }

  /// The measured runs of `records` that did not diverge and give both rates.
  static func observations(_ records: [RunRecord]) -> [Observation] {
    let shares = ActiveShares(of: records)
    return LearningRateSweep.grouped(records).compactMap { record in
      guard !record.hasDiverged, !record.isPredicted else { return nil }
      return record.effectiveLearningRate.map {
        Observation(
          logPeak: .log(record.learningRate),
          scale: RunScale(
            params: record.params, tokens: record.tokens, batchTokens: record.batchTokens,
            activeShare: shares[record]),
          logEffective: .log($0))
      }
    }
  }

  /// The least-squares fit, with weak priors that matter where runs tell little.
  ///
  /// - Parameters:
  ///   - observations: In an order that does not depend on that of the rows.
  ///   - trunks: How many experiments they are; branches of one share its rate, so that they tell of
  ///     the conversion as often as there are trunks and not runs.
  ///   - hasBatchSizes: Whether batch size was swept beside scale.
  /// - Throws: `.singular`, for rates that are not finite.
  init(
    _ observations: [Observation], trunks: Int, hasBatchSizes: Bool
  ) throws(FitError) {
    let factors = Factor.allCases.filter { factor in
      guard factor != .batch || hasBatchSizes else { return false }
      let logs = observations.compactMap { factor.log($0.logPeak, $0.scale) }
      guard let low = logs.min(), let high = logs.max() else { return false }
      return factor == .peak || high - low > GroupedValues.tolerance
    }
    let count = Double(Swift.max(observations.count, 1))
    let centre = factors.map { factor in
      observations.reduce(0) { $0 + (factor.log($1.logPeak, $1.scale) ?? 0) } / count
    }
    self.factors = factors
    self.centre = centre
    runs = observations.count
    let rows = observations.map { observation in
      Self.row(
        zip(factors, centre).map { ($0.log(observation.logPeak, observation.scale) ?? $1) - $1 })
    }
    let values = observations.map(\.logEffective)
    let priors = Self.priors(factors: factors.count, around: values.reduce(0, +) / count)
    let experiments = Swift.min(Double(trunks), count)
    let freedom = Swift.max(count - Double(priors.count), 1)
    var residual = Self.firstResidual
    var fit = try Self.solve(rows, values, priors, residual: residual, share: experiments / count)
    // The scatter decides how much the priors count, and they the scatter; a few rounds settle both.
    for _ in 0..<8 {
      let squares = zip(rows, values).reduce(0) { sum, item in
        let miss = zip(item.0, fit.mean).reduce(0) { $0 + $1.0 * $1.1 } - item.1
        return sum + miss * miss
      }
      residual = Swift.max((squares / freedom).squareRoot(), Self.leastResidual)
      fit = try Self.solve(rows, values, priors, residual: residual, share: experiments / count)
    }
    self.residual = residual
    coefficients = fit.mean
    covariance = fit.covariance
  }

  private static let firstResidual = 0.1
  /// No rate is taken to be measured better than this, in nats.
  private static let leastResidual = 0.01

  private static func priors(factors: Int, around mean: Double) -> [NormalPrior] {
    [NormalPrior(mean: mean, deviation: 3), NormalPrior(mean: 0.75, deviation: 0.5)]
      + (1..<factors).map { _ in NormalPrior(mean: 0, deviation: 0.5) }
      + (0..<factors * (factors + 1) / 2).map { _ in NormalPrior(mean: 0, deviation: 0.15) }
  }

  private static func solve(
    _ rows: [[Double]], _ values: [Double], _ priors: [NormalPrior], residual: Double, share: Double
  ) throws(FitError) -> (mean: [Double], covariance: [Double]) {
    let count = priors.count
    let weight = share / (residual * residual)
    var precision = [Double](repeating: 0, count: count * count)
    var side = [Double](repeating: 0, count: count)
    for (row, value) in zip(rows, values) {
      for one in 0..<count {
        side[one] += weight * row[one] * value
        for other in 0..<count { precision[one * count + other] += weight * row[one] * row[other] }
      }
    }
    for (index, prior) in priors.enumerated() {
      let weight = 1 / (prior.deviation * prior.deviation)
      precision[index * count + index] += weight
      side[index] += weight * prior.mean
    }
    let factor = try Cholesky(precision, count: count)
    var covariance: [Double] = []
    for index in 0..<count {
      var unit = [Double](repeating: 0, count: count)
      unit[index] = 1
      covariance += try factor.solve(unit)
    }
    return (try factor.solve(side), covariance)
  }
}
