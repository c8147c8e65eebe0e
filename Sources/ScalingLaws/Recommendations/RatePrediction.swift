import RealModule

/// A law's answer at one scale: where the optimum lies, and the rate to use.
package struct RatePrediction: Sendable {
  /// The optimal rate, with the interval for what a sweep there would find.
  package let optimum: Estimate
  /// The rate that minimises expected loss.
  package let learningRate: Double
  /// The percentage by which its loss is expected to exceed the least.
  package let expectedPenaltyPercent: Double

  /// A run that rises further than this counts as lost, and costs no more than that.
  ///
  /// It is as far as basins are fitted, so that no decision rests on the shape beyond.
  private static let greatestExcess = SliceEvidence.widestExcess

  /// A rate that is less likely than this to lie on its side of the optimum is not recommended,
  /// however little it would cost in a basin that is almost flat.
  private static let leastProbability = 0.05
  private static let mostLog = 300.0

  /// Draws of the log of the optimum itself.
  let sample: [Double]

  package init(
    _ law: ScaleLaw, at scale: RunScale, basin: BasinModel, confidence: Double
  ) {
    // What counts for the loss is where the optimum is, not where a sweep would find it.
    self.init(
      optimum: law.estimate(at: scale, measured: true, confidence: confidence),
      sample: law.sample(at: scale, measured: false), basin: basin)
  }

  /// - Parameters:
  ///   - optimum: Where a sweep would find it.
  ///   - sample: Draws of the log of where it is.
  ///   - basin: How loss rises around it.
  init(optimum: Estimate, sample: [Double], basin: BasinModel) {
    self.optimum = optimum
    self.sample = sample
    let centre = Double.log(optimum.value)
    let shape = basin.shape
    // So far out every rise is beyond what counts, and a larger number would be none.
    func power(_ log: Double) -> Double { .exp(min(max(log, -Self.mostLog), Self.mostLog)) }
    let falling = sample.map { power(shape.left * ($0 - centre)) }
    let rising = sample.map { power(-shape.right * ($0 - centre)) }
    /// The mean excess at `offset` nats from the estimate of the optimum.
    func expectedExcess(_ offset: Double) -> Double {
      let a = basin.depth * power(-shape.left * offset) / (shape.left * (shape.left + shape.right))
      let b = basin.depth * power(shape.right * offset) / (shape.right * (shape.left + shape.right))
      let constant = basin.depth / (shape.left * shape.right)
      var total = 0.0
      for index in sample.indices {
        total += min(a * falling[index] + b * rising[index] - constant, Self.greatestExcess)
      }
      return total / Double(sample.count)
    }
    let sorted = sample.sorted()
    let offset = leastPlace(
      of: expectedExcess, from: min(sorted.quantile(Self.leastProbability) - centre, 0),
      to: max(sorted.quantile(1 - Self.leastProbability) - centre, 0))
    learningRate = .exp(centre + offset)
    expectedPenaltyPercent = 100 * .expMinusOne(expectedExcess(offset))
  }
}
