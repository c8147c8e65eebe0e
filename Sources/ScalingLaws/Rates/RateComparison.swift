import RealModule
import Runs

/// How power laws in peak rate and in effective rate compare, tried on the same runs.
package struct RateComparison: Hashable, Codable, Sendable {
  /// One of the two.
  package struct Side: Hashable, Codable, Sendable {
    /// The root mean square of the log of predicted over measured peak rate.
    package var error: Double
    /// By how much the exponent along params and tokens together changes over ten times of both.
    package var curvature: Estimate
  }

  package var peak: Side
  /// Its predictions are mapped back to peak rates by a conversion that knows the smaller cells only.
  package var effective: Side
  package var predictedCells: Int
  package var origins: Int

  /// One cell as both rates tell it.
  private struct Cell {
    var peak: LawObservation
    var effective: LawObservation
  }

  /// There is none where runs lack effective rates, or are too few to hold any out.
  ///
  /// - Parameters:
  ///   - records: All runs.
  ///   - laws: What was fitted to them in the rate of `options`.
  ///   - options: Draws, confidence and seed.
  init?(_ records: [RunRecord], beside laws: FittedLaws, _ options: FitOptions) {
    guard records.contains(where: { $0.effectiveLearningRate != nil }),
      let carrying = try? records.carrying(.effective),
      let peak = options.rate == .peak
        ? laws : try? FittedLaws(LearningRateSweep(records), options, progress: { _ in }),
      let effective = options.rate == .effective
        ? laws
        : try? FittedLaws(
          LearningRateSweep(carrying, rate: .effective), options, progress: { _ in })
    else { return nil }
    let ofEffective = Dictionary(
      uniqueKeysWithValues: effective.measuredCells.map { ($0.cell, $0.measured) })
    let cells = peak.measuredCells.compactMap { cell in
      cell.measured.flatMap { site in
        (ofEffective[cell.cell] ?? nil).map {
          Cell(peak: LawObservation(site), effective: LawObservation($0))
        }
      }
    }
    let origins = RollingOrigin.origins(of: cells.count)
    guard let first = origins.first,
      let errors = try? Self.errors(cells, origins, (peak, effective), carrying),
      let curvatures = try? (
        Self.curvature(cells.map(\.peak), peak, options),
        Self.curvature(cells.map(\.effective), effective, options)
      )
    else { return nil }
    self.peak = Side(error: errors.peak, curvature: curvatures.0)
    self.effective = Side(error: errors.effective, curvature: curvatures.1)
    predictedCells = cells.count - first
    self.origins = origins.count
  }

  /// The errors with which power laws fitted before each origin predict the cells after it.
  private static func errors(
    _ cells: [Cell], _ origins: [Int], _ laws: (peak: FittedLaws, effective: FittedLaws),
    _ records: [RunRecord]
  ) throws(FitError) -> (peak: Double, effective: Double) {
    let observations = RateConversion.observations(records)
    let sweep = laws.effective.sweep
    var squares = (peak: 0.0, effective: 0.0)
    for (place, origin) in origins.enumerated() {
      let known = cells[..<origin]
      let last = known[origin - 1].peak.scale
      let ofPeak = try posterior(.paramsAndTokens, known.map(\.peak), laws.peak)
      let ofEffective = try posterior(.paramsAndTokens, known.map(\.effective), laws.effective)
      let seen = observations.filter { $0.scale.cell <= last }
      let conversion = try RateConversion(
        seen,
        // The smaller cells have trunks as all have.
        trunks: max(1, sweep.trunkCount * seen.count / max(observations.count, 1)),
        hasBatchSizes: sweep.hasBatchSizes)
      guard conversion.rises else { throw .effectiveRateFalls }
      for cell in cells[origin..<(place + 1 < origins.count ? origins[place + 1] : cells.count)] {
        let scale = cell.peak.scale
        let direct = try ofPeak.moments(at: scale).mean - cell.peak.value
        let mapped =
          conversion.logPeak(atLogEffective: try ofEffective.moments(at: scale).mean, scale).value
          - cell.peak.value
        squares.peak += direct * direct
        squares.effective += mapped * mapped
      }
    }
    let count = Double(cells.count - (origins.first ?? 0))
    return ((squares.peak / count).squareRoot(), (squares.effective / count).squareRoot())
  }

  private static func curvature(
    _ observations: [LawObservation], _ laws: FittedLaws, _ options: FitOptions
  ) throws(FitError) -> Estimate {
    let law = try ScaleLaw(
      mixing: [(try posterior(.curved, observations, laws), 1)], of: .learningRate,
      measurementError: 0, options: options)
    let places = law.terms.indices.filter { LawTerm.curvatures.contains(law.terms[$0]) }
    // The second derivative along both logs at once, by powers of ten.
    let factor = 2 * Double.log(10)
    return Estimate(
      value: factor * places.reduce(0) { $0 + law.coefficients[$1].value },
      sample: law.draws.cellDeviations.indices.map { draw in
        factor * places.reduce(0) { $0 + law.draws.coefficients[$1][draw] }
      }, confidence: options.confidence)
  }

  private static func posterior(
    _ form: LawForm, _ observations: [LawObservation], _ laws: FittedLaws
  ) throws(FitError) -> LawPosterior {
    try LawPosterior(
      LawSystem(
        observations,
        basis: form.basis(
          of: .learningRate, sharesVary: observations.contains { $0.scale.activeShare != nil }),
        cellsShareOffsets: false, correlation: laws.fits.correlation))
  }
}

extension RateComparison {
  /// The comparison in one line.
  package var summary: String {
    func bend(_ side: Side) -> String {
      "\(side.curvature.value.rounded(places: 2)) (\(side.curvature.lower.rounded(places: 2)) to "
        + "\(side.curvature.upper.rounded(places: 2)))"
    }
    let factors = [peak, effective].map { "\(Double.exp($0.error).rounded(places: 3))" }
    return
      "peak or effective rate: as power laws fitted on smaller cells they miss \(predictedCells) "
      + "larger ones by a factor \(factors[0]) and \(factors[1]), both in peak rate; over ten times of N "
      + "and D their exponent changes by \(bend(peak)) and \(bend(effective)); "
      + (effective.error < peak.error
        ? "the effective rate extrapolates better"
        : "the effective rate does not extrapolate better")
  }
}
