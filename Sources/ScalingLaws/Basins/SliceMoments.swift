import RealModule

/// Weighted sums over the points of a slice, from which any candidate optimum is judged.
struct SliceMoments {
  let weights: [Double]
  /// exp(-left x) and exp(right x) of each point, less their weighted means.
  private(set) var falling: [Double]
  private(set) var rising: [Double]

  private let meanFalling: Double
  private let meanRising: Double
  private let meanLoss: Double
  private var ff = 0.0
  private var fr = 0.0
  private var rr = 0.0
  private var fv = 0.0
  private var rv = 0.0
  private let constant: Double
  private let depth: Double
  private let depthVariance: Double
  let shape: BasinShape
  /// Of the log loss floor at a known optimum and depth.
  let floorVariance: Double

  init(_ evidence: SliceEvidence, _ model: BasinModel) {
    shape = model.shape
    depth = model.depth
    let spread = BasinModel.depthSpread * model.depth
    depthVariance = spread * spread
    let variances = model.variances(of: evidence)
    let weights = variances.map { 1 / $0 }
    self.weights = weights
    let total = weights.reduce(0, +)
    floorVariance = 1 / total
    var falling = evidence.x.map { Double.exp(-model.shape.left * $0) }
    var rising = evidence.x.map { Double.exp(model.shape.right * $0) }
    func mean(_ values: [Double]) -> Double {
      zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / total
    }
    meanFalling = mean(falling)
    meanRising = mean(rising)
    meanLoss = mean(evidence.v)
    var vv = 0.0
    for index in weights.indices {
      falling[index] -= meanFalling
      rising[index] -= meanRising
      let w = weights[index]
      let v = evidence.v[index] - meanLoss
      ff += w * falling[index] * falling[index]
      fr += w * falling[index] * rising[index]
      rr += w * rising[index] * rising[index]
      fv += w * falling[index] * v
      rv += w * rising[index] * v
      vv += w * v * v
    }
    self.falling = falling
    self.rising = rising
    constant =
      vv + depth * depth / depthVariance
      + variances.reduce(0) { $0 + .log($1) } + .log(total)
  }

  /// What a point's centred falling exponential is multiplied by for a candidate optimum.
  func fallingFactor(at candidate: Double) -> Double {
    .exp(shape.left * candidate) / (shape.left * (shape.left + shape.right))
  }

  /// What a point's centred rising exponential is multiplied by for a candidate optimum.
  func risingFactor(at candidate: Double) -> Double {
    .exp(-shape.right * candidate) / (shape.right * (shape.left + shape.right))
  }

  /// The log likelihood and the mean depth with the optimum at `candidate`.
  func candidate(at candidate: Double) -> (logLikelihood: Double, depth: Double) {
    self.candidate(fallingFactor(at: candidate), risingFactor(at: candidate))
  }

  /// The same from the candidate's two factors, for a loop that steps them.
  @inline(__always)
  func candidate(_ onFalling: Double, _ onRising: Double) -> (logLikelihood: Double, depth: Double)
  {
    let gg = onFalling * onFalling * ff + 2 * onFalling * onRising * fr + onRising * onRising * rr
    let gv = onFalling * fv + onRising * rv
    let precision = gg + 1 / depthVariance
    let pull = gv + depth / depthVariance
    let logLikelihood =
      -0.5 * (constant - pull * pull / precision + .log(precision * depthVariance))
    return (logLikelihood, pull / precision)
  }

  /// The log loss floor with the optimum at `candidate`.
  func floor(at candidate: Double) -> Double {
    let atZeroRise = 1 / (shape.left * shape.right)
    let rise =
      fallingFactor(at: candidate) * meanFalling + risingFactor(at: candidate) * meanRising
      - atZeroRise
    return meanLoss - self.candidate(at: candidate).depth * rise
  }
}
