import RealModule

/// What the basins of a data set share: shape, usual depth and noise.
package struct BasinModel: Hashable, Codable, Sendable {
  package var shape: BasinShape
  /// The usual second derivative of log loss in log learning rate at the optimum.
  package var depth: Double
  /// The relative standard deviation of a loss near the optimum, apart from its own error, in the
  /// usual slice; some are noisier by `noiseFactors`.
  package var noise: Double

  package init(shape: BasinShape, depth: Double, noise: Double) {
    self.shape = shape
    self.depth = depth
    self.noise = noise
  }

  /// The share of a point's rise that the shape may be wrong by.
  ///
  /// It makes far points count less in proportion, in place of a window that cuts them off.
  static let misfit = 0.2
  /// The spread of the depths of single slices, as a share of the usual depth.
  static let depthSpread = 0.7
  /// How much noisier than usual a slice may be, and how often.
  ///
  /// A run that is off by more than its noise then costs its slice its say, and not the data set
  /// its shape.
  static let noiseFactors: [(share: Double, factor: Double)] = [(0.7, 1), (0.2, 3), (0.1, 10)]

  /// The model of a slice that is noisier by `factor`.
  func noisier(by factor: Double) -> BasinModel {
    BasinModel(shape: shape, depth: depth, noise: factor * noise)
  }

  /// The rise of log loss at log ratio `z` to the optimum, for the usual depth.
  package func excess(_ z: Double) -> Double { depth * shape.rise(z) }

  /// The percentage by which loss exceeds its minimum at `factor` times the optimal rate.
  package func penaltyPercent(at factor: Double) -> Double {
    100 * .expMinusOne(excess(.log(factor)))
  }

  /// The variance of the log loss of a point that rises by `excess`, in a slice of such noise.
  static func variance(
    noise: Double, excess: Double, evaluation: Double, misfit: Double = misfit
  ) -> Double {
    noise * noise + evaluation + misfit * misfit * excess * excess
  }

  /// The variance of the log loss of each point of `evidence`.
  func variances(of evidence: SliceEvidence) -> [Double] {
    zip(evidence.excess, evidence.evaluationVariance).map {
      Self.variance(noise: noise, excess: $0, evaluation: $1)
    }
  }
}
