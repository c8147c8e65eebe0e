import RealModule

/// How well each place on a grid would do as the optimum of one slice.
///
/// The slice's loss floor and depth are integrated out in closed form: the floor under a flat prior,
/// the depth under Normal(model depth, spread). For a shape made of two exponentials every sum over
/// points is a polynomial in two powers of the candidate, so a candidate costs the same whatever the
/// number of points. A slice may be noisier than the others, so the likelihood is a mixture over
/// noises.
struct OptimumLikelihood {
  /// The mean of the optimum's log rate.
  let mean: Double
  let standardDeviation: Double
  /// Where the optimum was looked for, in log rates.
  let places: ClosedRange<Double>
  /// The mean depth, and the mean log loss floor with its error at a known optimum.
  let depth: Double
  let floor: Double
  let floorError: Double
  /// The error of the floor where the optimum is as uncertain as it is.
  let floorDeviation: Double
  /// The root mean square of how much noisier than usual the slice may be.
  let noiseFactor: Double
  /// How the mean moves with each point's log loss.
  let influence: [Double]
  /// How far each point's log loss is above the basin that suits the slice best, in standard
  /// deviations of the model.
  let residuals: [Double]

  /// How far beyond the learning rates tried an optimum is looked for, in nats.
  private static let margin = 1.0
  /// How many standard deviations of a prediction are looked at, and how far beyond the margin.
  private static let reach = 3.0
  private static let mostMargin = 3.0
  /// The grid's spacing in nats; sums over it are far closer than the least error of an optimum.
  private static let spacing = 0.04
  /// A place of less weight than this adds nothing to a mean.
  private static let leastWeight = 1e-12

  /// - Parameters:
  ///   - evidence: The slice's points.
  ///   - model: What all basins share.
  ///   - prediction: What else is thought of the log of the optimum; the likelihood is multiplied
  ///     by it.
  init(
    _ evidence: SliceEvidence, under model: BasinModel, expecting prediction: NormalPrior? = nil
  ) {
    let parts = Self.parts(evidence, model)
    let grid = Grid(evidence, expecting: prediction)
    let logs = parts.map { grid.logLikelihoods($0.moments) }
    let tilt = grid.places.map { place in
      prediction.map { $0.logDensity(place + evidence.middle) } ?? 0
    }
    let highest = logs.flatMap { zip($0, tilt).map { $0 + $1 } }.max() ?? 0
    let weights = zip(parts, logs).map { part, logs in
      zip(logs, tilt).map { part.share * .exp($0 + $1 - highest) }
    }
    let total = weights.joined().reduce(0, +)

    var sums = (
      first: 0.0, second: 0.0, depth: 0.0, floor: 0.0, floorSquare: 0.0, floorVariance: 0.0
    )
    for (part, weights) in zip(parts, weights) {
      for (place, weight) in zip(grid.places, weights) where weight > Self.leastWeight * total {
        let share = weight / total
        sums.first += share * place
        sums.second += share * place * place
        sums.depth += share * part.moments.candidate(at: place).depth
        let floor = part.moments.floor(at: place) - evidence.best
        sums.floor += share * floor
        sums.floorSquare += share * floor * floor
        sums.floorVariance += share * part.moments.floorVariance
      }
    }
    let centre = sums.first
    places =
      (grid.places[0] + evidence.middle)...(grid.places[grid.places.count - 1] + evidence.middle)
    mean = centre + evidence.middle
    noiseFactor =
      zip(BasinModel.noiseFactors, weights).reduce(0) { sum, part in
        sum + part.0.factor * part.0.factor * part.1.reduce(0, +) / total
      }.squareRoot()
    standardDeviation = max(sums.second - centre * centre, 0).squareRoot()
    // Noise may bend a slice downwards; a basin does not.
    depth = max(sums.depth, 0)
    floor = sums.floor + evidence.best
    floorError = sums.floorVariance.squareRoot()
    floorDeviation =
      max(sums.floorSquare - sums.floor * sums.floor + sums.floorVariance, 0).squareRoot()

    var influence = [Double](repeating: 0, count: evidence.x.count)
    for (part, weights) in zip(parts, weights) {
      var onFalling = 0.0
      var onRising = 0.0
      for (place, weight) in zip(grid.places, weights) where weight > Self.leastWeight * total {
        let pull =
          weight / total * (place - centre) * part.moments.candidate(at: place).depth
        onFalling += pull * part.moments.fallingFactor(at: place)
        onRising += pull * part.moments.risingFactor(at: place)
      }
      for index in influence.indices {
        influence[index] +=
          part.moments.weights[index]
          * (onFalling * part.moments.falling[index] + onRising * part.moments.rising[index])
      }
    }
    self.influence = influence

    let usual = logs[0]
    let top = usual.max() ?? 0
    let best = grid.places[usual.firstIndex(of: top) ?? 0]
    let moments = parts[0].moments
    let floor = moments.floor(at: best)
    let depth = moments.candidate(at: best).depth
    residuals = evidence.x.indices.map { index in
      (evidence.v[index] - floor - depth * model.shape.rise(evidence.x[index] - best))
        * moments.weights[index].squareRoot()
    }
  }

  /// The log of the mean likelihood over the grid, up to a constant that no model changes.
  static func logEvidence(of evidence: SliceEvidence, under model: BasinModel) -> Double {
    let grid = Grid(evidence)
    let parts = parts(evidence, model)
    let logs = parts.map { grid.logLikelihoods($0.moments) }
    let top = logs.joined().max() ?? 0
    let sum = zip(parts, logs).reduce(0) { sum, part in
      sum + part.0.share * part.1.reduce(0) { $0 + .exp($1 - top) }
    }
    return top + .log(sum / Double(grid.places.count))
  }

  /// The likelihoods that are mixed, with their shares.
  private static func parts(
    _ evidence: SliceEvidence, _ model: BasinModel
  ) -> [(share: Double, moments: SliceMoments)] {
    BasinModel.noiseFactors.map { noise in
      (noise.share, SliceMoments(evidence, model.noisier(by: noise.factor)))
    }
  }

  /// Evenly spaced candidates.
  private struct Grid {
    let places: [Double]

    /// - Parameters:
    ///   - evidence: The slice's points.
    ///   - prediction: Where else the optimum may be, in which case the grid reaches there.
    init(_ evidence: SliceEvidence, expecting prediction: NormalPrior? = nil) {
      var low = (evidence.x.min() ?? 0) - OptimumLikelihood.margin
      var farthest = (evidence.x.max() ?? 0) + OptimumLikelihood.margin
      if let prediction {
        let place = prediction.mean - evidence.middle
        let reach = OptimumLikelihood.reach * prediction.deviation
        low = max(min(low, place - reach), low - OptimumLikelihood.mostMargin)
        farthest = min(max(farthest, place + reach), farthest + OptimumLikelihood.mostMargin)
      }
      let high = min(farthest, evidence.limit ?? farthest)
      let count = Int(((high - low) / OptimumLikelihood.spacing).rounded(.down)) + 1
      // A run that diverged below all others leaves one place.
      places = (0..<max(count, 1)).map { low + OptimumLikelihood.spacing * Double($0) }
    }

    func logLikelihoods(_ moments: SliceMoments) -> [Double] {
      var falling = moments.fallingFactor(at: places[0])
      var rising = moments.risingFactor(at: places[0])
      let fallingStep = Double.exp(moments.shape.left * OptimumLikelihood.spacing)
      let risingStep = Double.exp(-moments.shape.right * OptimumLikelihood.spacing)
      return places.map { _ in
        let log = moments.candidate(falling, rising).logLikelihood
        falling *= fallingStep
        rising *= risingStep
        return log
      }
    }
  }
}
