import RealModule

extension LossSurface {
  /// The surface that is most probable given the runs of a sweep.
  ///
  /// - Parameters:
  ///   - sweep: The runs known; there may be none.
  ///   - layout: Of their cells and of those that may be trained.
  /// - Throws: `.singular`, for losses that are not finite.
  init(_ sweep: LearningRateSweep, layout: SurfaceLayout) throws(FitError) {
    let evidence = SurfaceEvidence(sweep, layout)
    var fit = SurfaceFit(evidence, layout)
    for _ in 0..<Self.rounds {
      try fit.descend()
      try fit.settle()
    }
    try fit.descend()
    self.init(model: fit.model, covariance: try fit.covariance(), noise: fit.noise)
  }

  /// After so many changes of weights the surface moves by far less than its error.
  private static let rounds = 5
}

/// A search for the most probable surface: damped least squares with weights that follow it.
private struct SurfaceFit {
  private let points: [SurfacePoint]
  private let priors: [NormalPrior]
  private(set) var model: SurfaceModel
  private(set) var noise = Self.usualNoise
  /// How far each point is taken to rise: as it was seen to or as the surface says, whichever is more.
  private var excesses: [Double]
  /// Whether each point counts: a bound does while the surface is below it.
  private var counts: [Bool]

  private static let usualNoise = 5e-4
  private static let noiseCandidates: [Double] = (0..<30).map {
    .exp(.log(1e-4) + Double($0) / 29 * .log(100))
  }
  /// Fewer runs than this say nothing of noise.
  private static let leastPoints = 4
  private static let mostSteps = 60
  private static let mostDampings = 8
  private static let tolerance = 1e-6
  /// A bound says by how much loss has risen, give or take half of it.
  private static let boundError = SliceEvidence.widestExcess / 2

  init(_ evidence: SurfaceEvidence, _ layout: SurfaceLayout) {
    points = evidence.points
    priors = layout.priors(floors: evidence.floors)
    model = SurfaceModel(layout: layout, values: priors.map(\.mean))
    excesses = points.map(\.excess)
    counts = points.map { !$0.isBound }
  }

  /// Lets the weights, the bounds and the noise follow the surface.
  mutating func settle() throws(FitError) {
    for (index, point) in points.enumerated() {
      let excess = model.loss(at: point.place).excess
      if point.isBound {
        counts[index] = excess < SliceEvidence.widestExcess
      } else {
        excesses[index] = max(point.excess, excess)
      }
    }
    try estimateNoise()
  }

  /// The precision of each point's log loss.
  private func weights(noise: Double) -> [Double] {
    points.indices.map { index in
      guard counts[index] else { return 0 }
      if points[index].isBound { return 1 / (Self.boundError * Self.boundError) }
      return 1
        / BasinModel.variance(
          noise: noise, excess: excesses[index],
          evaluation: points[index].evaluationVariance, misfit: LossSurface.misfit)
    }
  }

  /// Descends to the most probable surface under the present weights.
  mutating func descend() throws(FitError) {
    let weights = weights(noise: noise)
    var damping = 1e-3
    var state = state(of: model, weights)
    for _ in 0..<Self.mostSteps {
      var next: (model: SurfaceModel, state: State)?
      for _ in 0..<Self.mostDampings {
        let step = try state.step(damping: damping)
        var trial = model
        // No step goes farther than a factor of e, beyond which the derivatives mean nothing.
        for index in step.indices { trial.values[index] += min(max(step[index], -1), 1) }
        let found = self.state(of: trial, weights)
        if found.score < state.score {
          next = (trial, found)
          break
        }
        damping *= 5
      }
      guard let next else { return }
      let gain = state.score - next.state.score
      model = next.model
      state = next.state
      damping = max(damping / 5, 1e-9)
      if gain < Self.tolerance * (1 + abs(state.score)) { return }
    }
  }

  /// The score of a surface, and what a step from it needs.
  private struct State {
    var score: Double
    /// By columns.
    var curvature: [Double]
    var gradient: [Double]

    func step(damping: Double) throws(FitError) -> [Double] {
      let count = gradient.count
      var damped = curvature
      for index in 0..<count { damped[index * count + index] *= 1 + damping }
      return try Cholesky(damped, count: count).solve(gradient)
    }
  }

  private func state(of model: SurfaceModel, _ weights: [Double]) -> State {
    let count = priors.count
    var state = State(
      score: 0, curvature: [Double](repeating: 0, count: count * count),
      gradient: [Double](repeating: 0, count: count))
    for (point, weight) in zip(points, weights) where weight > 0 {
      let found = model.loss(at: point.place)
      let residual = point.logLoss - found.value
      state.score += weight * residual * residual
      let row = found.row
      for (index, value) in zip(row.indices, row.values) {
        let weighted = weight * value
        state.gradient[index] += weighted * residual
        for (other, factor) in zip(row.indices, row.values) {
          state.curvature[index * count + other] += weighted * factor
        }
      }
    }
    for (index, prior) in priors.enumerated() {
      let precision = 1 / (prior.deviation * prior.deviation)
      let miss = model.values[index] - prior.mean
      state.score += precision * miss * miss
      state.gradient[index] -= precision * miss
      state.curvature[index * count + index] += precision
    }
    return state
  }

  /// The noise that is most probable, given how far points are from the surface.
  private mutating func estimateNoise() throws(FitError) {
    let measured = points.indices.count { counts[$0] && !points[$0].isBound }
    guard measured >= Self.leastPoints else { return }
    let covariance = try covariance()
    let weights = weights(noise: noise)
    let count = priors.count
    let misses = points.enumerated().compactMap {
      index, point -> (square: Double, free: Double, point: Int)? in
      guard counts[index], !point.isBound else { return nil }
      let found = model.loss(at: point.place)
      let residual = point.logLoss - found.value
      let leverage =
        weights[index] * found.row.dot(found.row.times(covariance, count: count))
      return (residual * residual, 1 - min(max(leverage, 0), 0.95), index)
    }
    let prior = NormalPrior(mean: .log(Self.usualNoise), deviation: 1)
    func score(_ candidate: Double) -> Double {
      misses.reduce(prior.logDensity(.log(candidate))) { sum, miss in
        let variance = BasinModel.variance(
          noise: candidate, excess: excesses[miss.point],
          evaluation: points[miss.point].evaluationVariance, misfit: LossSurface.misfit)
        return sum - 0.5 * (miss.square / variance + miss.free * .log(variance))
      }
    }
    let scores = Self.noiseCandidates.map(score)
    let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
    noise = Self.noiseCandidates[best]
  }

  /// The covariance of the model's numbers around the most probable surface.
  func covariance() throws(FitError) -> [Double] {
    let count = priors.count
    let curvature = state(of: model, weights(noise: noise)).curvature
    var identity = [Double](repeating: 0, count: count * count)
    for index in 0..<count { identity[index * count + index] = 1 }
    return try Cholesky(curvature, count: count).solve(identity)
  }
}
