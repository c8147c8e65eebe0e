import RealModule

/// The search-factor law of one size: what its trunks say of γ, and of any horizon.
///
/// γ is not plugged in but integrated over: its posterior, on a grid, is the product of a weak
/// log-normal prior and of the likelihood of all trunks with their curves and the common noise
/// integrated out. So γ costs its degree of freedom once a size.
struct HorizonFit: Sendable {
  let trunks: [HorizonTrunk]
  let candidates: [(candidate: HorizonCandidate, weight: Double)]
  /// The curves at the middle of γ's posterior, which is what is drawn and predicted.
  let middle: HorizonCandidate
  /// Runs less two numbers a trunk.
  let degrees: Int
  /// The standard deviation of a single annealed loss.
  let noise: Double

  /// A weak prior of γ, by our own judgement.
  ///
  /// Published exponents of tokens lie between 0.1 and 1 (Kaplan et al. 2020,
  /// arXiv 2001.08361: 0.095 with no floor; Hoffmann et al. 2022, arXiv 2203.15556: 0.28 with one),
  /// higher where a floor of one model size is taken off. 90 % of the prior is from 0.19 to 1.34.
  static let exponentPrior = NormalPrior(mean: .log(0.5), deviation: 0.6)
  private static let exponents = 0.01...10.0
  /// Losses are written with about six digits, so no noise is taken to be less.
  private static let rounding = 1e-6
  private static let gridCount = 32
  /// No value of γ is to have more of the posterior than this.
  private static let heaviest = 0.05

  /// - Precondition: every trunk has two horizons or more, and one has three.
  /// - Returns: `nil` when no γ has floors above 0.
  init?(_ trunks: [HorizonTrunk]) {
    let points = trunks.flatMap(\.points)
    let degrees = points.count - 2 * trunks.count
    precondition(degrees > 0, "\(points.count) losses on \(trunks.count) trunks leave no freedom")
    let rounding = points.reduce(0) { $0 + $1.loss * $1.loss } * Self.rounding * Self.rounding
    func candidate(_ logExponent: Double) -> HorizonCandidate {
      HorizonCandidate(trunks, exponent: .exp(logExponent), rounding: rounding)
    }
    let low = Double.log(Self.exponents.lowerBound)
    let high = Double.log(Self.exponents.upperBound)
    var grid = WeightedGrid(low...high, count: Self.gridCount)
    var found = grid.places.map(candidate)
    func density(_ candidate: HorizonCandidate) -> Double {
      candidate.logDensity(degrees: degrees, prior: Self.exponentPrior)
    }
    grid.logDensities = found.map(density)
    guard grid.logDensities.contains(where: \.isFinite) else { return nil }
    // Without noise the posterior is narrower than the prior by many orders.
    while let (index, place) = grid.nextPlace(heaviest: Self.heaviest) {
      let candidate = candidate(place)
      found.insert(candidate, at: index)
      grid.insert(place, logDensity: density(candidate), at: index)
    }
    let weights = grid.weights
    self.trunks = trunks
    self.degrees = degrees
    candidates = Array(zip(found, weights))
    middle = candidate(zip(grid.places, weights).reduce(0) { $0 + $1.0 * $1.1 })
    noise = (candidates.reduce(0) { $0 + $1.weight * $1.candidate.squares } / Double(degrees))
      .squareRoot()
  }

  /// γ with the equal-tailed interval of its posterior.
  func exponent(confidence: Double) -> Estimate {
    func quantile(_ probability: Double) -> Double {
      var below = 0.0
      var previous = candidates[0].candidate.exponent
      for (candidate, weight) in candidates {
        if weight > 0, below + weight >= probability {
          let share = (probability - below) / weight
          return previous * .pow(candidate.exponent / previous, share)
        }
        below += weight
        previous = candidate.exponent
      }
      return previous
    }
    let value = middle.exponent
    return Estimate(
      value: value, lower: min(value, quantile((1 - confidence) / 2)),
      upper: max(value, quantile((1 + confidence) / 2)), confidence: confidence)
  }
}
