import RealModule

/// Where the optimal learning rate of one slice, or of one cell at its best batch size, lies.
struct OptimumSite: Sendable {
  var scale: RunScale
  /// The natural log of the optimal learning rate.
  var logOptimum: Double
  var standardError: Double
  /// The log of the least loss, by the fitted basin.
  var logFloor: Double
  var floorError: Double
  /// The error of the floor where the optimum is as uncertain as it is.
  var floorDeviation: Double
  var depth: Double
  /// The relative noise of a loss of the slice.
  var noise: Double
  /// How the error of the optimum is made up of the errors of runs, to unit variance.
  var errorShares: [ErrorShare]

  /// Fewer learning rates than this do not determine a basin.
  static let leastLearningRates = 3
  /// No optimum is taken to be known better than this, in nats.
  static let leastError = 0.03
  /// A slice that says less than this of its optimum, in nats, says nothing.
  private static let greatestError = 3.0
  /// What it must say at least, as a share of what the prediction says.
  private static let leastShare = 0.1

  /// `nil` for a slice that adds nothing to the prediction.
  ///
  /// - Parameters:
  ///   - slice: At one scale.
  ///   - evidence: Its points.
  ///   - model: What all basins share.
  ///   - prediction: What a law says of the log of the optimum. The site is then what the slice
  ///     adds to it, as a normal that is good about there: so a slice whose optimum lies at the end
  ///     of its rates, or beyond, says no more than that.
  init?(
    _ slice: SweepSlice, _ evidence: SliceEvidence, under model: BasinModel,
    expecting prediction: NormalPrior? = nil
  ) {
    let likelihood = OptimumLikelihood(evidence, under: model, expecting: prediction)
    scale = slice.scale
    if let prediction {
      let deviation = max(likelihood.standardDeviation, Self.leastError / 3)
      let both = 1 / (deviation * deviation)
      let predicted = 1 / (prediction.deviation * prediction.deviation)
      let own = both - predicted
      // A slice that hardly narrows the prediction would be a site far off, and no evidence of it.
      guard own > max(Self.leastShare * predicted, 1 / (Self.greatestError * Self.greatestError))
      else { return nil }
      let place = prediction.mean + (likelihood.mean - prediction.mean) * both / own
      logOptimum = min(max(place, likelihood.places.lowerBound), likelihood.places.upperBound)
      standardError = max((1 / own).squareRoot(), Self.leastError)
    } else {
      logOptimum = likelihood.mean
      standardError = max(likelihood.standardDeviation, Self.leastError)
    }
    logFloor = likelihood.floor
    floorError = likelihood.floorError
    floorDeviation = likelihood.floorDeviation
    depth = likelihood.depth
    noise = likelihood.noiseFactor * model.noise
    let variances = model.variances(of: evidence)
    errorShares = evidence.runs.indices.map { index in
      ErrorShare(
        trunk: evidence.runs[index].trunk, branch: evidence.runs[index].branch,
        share: likelihood.influence[index] * variances[index].squareRoot(),
        residual: likelihood.residuals[index])
    }
    errorShares.normalize()
  }

  /// The rise of log loss at a log rate above the floor, under a shape.
  func rise(at logLearningRate: Double, under shape: BasinShape) -> Double {
    depth * shape.rise(logLearningRate - logOptimum)
  }

  /// A site made of others, each with a weight; the weights sum to 1.
  init(scale: RunScale, combining sites: [(site: OptimumSite, weight: Double)]) {
    func mean(_ value: (OptimumSite) -> Double) -> Double {
      sites.reduce(0) { $0 + $1.weight * value($1.site) }
    }
    self.scale = scale
    let centre = mean { $0.logOptimum }
    logOptimum = centre
    // Not knowing which part is the right one is part of not knowing the whole.
    let variance = mean {
      $0.standardError * $0.standardError + ($0.logOptimum - centre) * ($0.logOptimum - centre)
    }
    standardError = variance.squareRoot()
    logFloor = mean { $0.logFloor }
    floorError = mean { $0.floorError }
    floorDeviation = mean { $0.floorDeviation }
    depth = mean { $0.depth }
    noise = mean { $0.noise }
    errorShares = sites.flatMap { part in
      part.site.errorShares.map {
        ErrorShare(
          trunk: $0.trunk, branch: $0.branch,
          share: $0.share * part.weight * part.site.standardError, residual: $0.residual)
      }
    }
    errorShares.normalize()
  }
}

extension [ErrorShare] {
  fileprivate mutating func normalize() {
    let length = reduce(0) { $0 + $1.share * $1.share }.squareRoot()
    guard length > 0 else { return }
    for index in indices { self[index].share /= length }
  }
}
