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
  var depth: Double
  /// How the error of the optimum is made up of the errors of runs, to unit variance.
  var errorShares: [ErrorShare]

  /// The part that one run's error has in a site's.
  struct ErrorShare: Sendable {
    var trunk: Int
    var branch: Int
    var share: Double
  }

  /// Fewer learning rates than this do not determine a basin.
  static let leastLearningRates = 3
  /// No optimum is taken to be known better than this, in nats.
  static let leastError = 0.03

  init(_ slice: SweepSlice, _ evidence: SliceEvidence, under model: BasinModel) {
    let likelihood = OptimumLikelihood(evidence, under: model)
    scale = slice.scale
    logOptimum = likelihood.mean
    standardError = max(likelihood.standardDeviation, Self.leastError)
    logFloor = likelihood.floor
    depth = likelihood.depth
    let variances = model.variances(of: evidence)
    floorError = (1 / variances.reduce(0) { $0 + 1 / $1 }).squareRoot()
    errorShares = evidence.runs.indices.map { index in
      ErrorShare(
        trunk: evidence.runs[index].trunk, branch: evidence.runs[index].branch,
        share: likelihood.influence[index] * variances[index].squareRoot())
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
    depth = mean { $0.depth }
    errorShares = sites.flatMap { part in
      part.site.errorShares.map {
        ErrorShare(
          trunk: $0.trunk, branch: $0.branch,
          share: $0.share * part.weight * part.site.standardError)
      }
    }
    errorShares.normalize()
  }
}

extension [OptimumSite.ErrorShare] {
  fileprivate mutating func normalize() {
    let length = reduce(0) { $0 + $1.share * $1.share }.squareRoot()
    guard length > 0 else { return }
    for index in indices { self[index].share /= length }
  }
}
