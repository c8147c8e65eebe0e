import RealModule

/// How well each place on a grid would do as the optimum of one slice.
///
/// The slice's loss floor and depth are integrated out in closed form: the floor under a flat prior,
/// the depth under Normal(model depth, spread). For a shape made of two exponentials every sum over
/// points is a polynomial in two powers of the candidate, so a candidate costs the same whatever the
/// number of points.
struct OptimumLikelihood {
  /// The mean of the optimum's log rate.
  let mean: Double
  let standardDeviation: Double
  /// Depth and log loss floor at the most likely optimum.
  let depth: Double
  let floor: Double
  /// How the mean moves with each point's log loss.
  let influence: [Double]

  /// How far beyond the learning rates tried an optimum is looked for, in nats.
  private static let margin = 1.0
  /// The grid's spacing in nats, a fraction of the least error that an optimum is given.
  private static let spacing = 0.04

  init(_ evidence: SliceEvidence, under model: BasinModel) {
    let moments = SliceMoments(evidence, model)
    let grid = Grid(evidence, moments, model)
    var total = 0.0
    var first = 0.0
    var second = 0.0
    var weights = grid.logLikelihoods
    for index in weights.indices {
      weights[index] = .exp(weights[index] - grid.top)
      let place = grid.place(index)
      total += weights[index]
      first += weights[index] * place
      second += weights[index] * place * place
    }
    let centre = first / total
    mean = centre + evidence.middle
    standardDeviation = max(second / total - centre * centre, 0).squareRoot()

    let best = grid.place(weights.firstIndex(of: 1) ?? 0)
    depth = moments.candidate(at: best).depth
    floor = moments.floor(at: best)

    var onFalling = 0.0
    var onRising = 0.0
    for (index, weight) in weights.enumerated() where weight > 1e-12 {
      let place = grid.place(index)
      let pull = weight / total * (place - centre) * moments.candidate(at: place).depth
      onFalling += pull * moments.fallingFactor(at: place)
      onRising += pull * moments.risingFactor(at: place)
    }
    influence = moments.weights.indices.map { index in
      moments.weights[index]
        * (onFalling * moments.falling[index] + onRising * moments.rising[index])
    }
  }

  /// The log of the mean likelihood over the grid, up to a constant that no model changes.
  static func logEvidence(of evidence: SliceEvidence, under model: BasinModel) -> Double {
    let grid = Grid(evidence, SliceMoments(evidence, model), model)
    let sum = grid.logLikelihoods.reduce(0) { $0 + .exp($1 - grid.top) }
    return grid.top + .log(sum / Double(grid.logLikelihoods.count))
  }

  /// Log likelihoods of evenly spaced candidates.
  private struct Grid {
    let low: Double
    let logLikelihoods: [Double]
    let top: Double

    init(_ evidence: SliceEvidence, _ moments: SliceMoments, _ model: BasinModel) {
      let low = (evidence.x.min() ?? 0) - OptimumLikelihood.margin
      let farthest = (evidence.x.max() ?? 0) + OptimumLikelihood.margin
      let high = min(farthest, evidence.limit ?? farthest)
      let count = Int(((high - low) / OptimumLikelihood.spacing).rounded(.down)) + 1
      var falling = moments.fallingFactor(at: low)
      var rising = moments.risingFactor(at: low)
      let fallingStep = Double.exp(model.shape.left * OptimumLikelihood.spacing)
      let risingStep = Double.exp(-model.shape.right * OptimumLikelihood.spacing)
      var top = -Double.infinity
      logLikelihoods = (0..<count).map { _ in
        let log = moments.candidate(falling, rising).logLikelihood
        falling *= fallingStep
        rising *= risingStep
        top = max(top, log)
        return log
      }
      self.low = low
      self.top = top
    }

    func place(_ index: Int) -> Double { low + OptimumLikelihood.spacing * Double(index) }
  }
}
