/// What the weights and the logits do at one step: what `vernier diagnose` reads.
///
/// All of it belongs to the step's own update: weights are those before it, unless it is said.
package struct Telemetry: Hashable, Codable, Sendable {
  /// The weight matrices, in the model's order.
  package var matrices: [Matrix]
  /// The blocks, the first one nearest to the tokens.
  package var attention: [Attention]
  /// The root mean square of the logits, and their largest magnitude.
  package var outputLogitRMS: Double?
  package var outputLogitMaximum: Double?
  /// Of the whole gradient, in tokens: the batch at which noise and mean of it are equal.
  ///
  /// McCandlish et al. 2018, arXiv 1812.06162, appendix A.1; `nil` where one batch cannot tell.
  package var gradientNoiseScale: Double?

  enum CodingKeys: String, CodingKey {
    case matrices, attention, outputLogitMaximum, gradientNoiseScale
    case outputLogitRMS = "outputLogitRms"
  }

  package init(
    matrices: [Matrix], attention: [Attention] = [], outputLogitRMS: Double? = nil,
    outputLogitMaximum: Double? = nil, gradientNoiseScale: Double? = nil
  ) {
    self.matrices = matrices
    self.attention = attention
    self.outputLogitRMS = outputLogitRMS.finite
    self.outputLogitMaximum = outputLogitMaximum.finite
    self.gradientNoiseScale = gradientNoiseScale.finite
  }

  /// One weight matrix and its update.
  package struct Matrix: Hashable, Codable, Sendable {
    /// Its name in the model, such as `blocks.3.attention.query`.
    package var path: String
    /// Its role, as in a parametrization, such as `hidden`.
    package var role: String
    package var rows: Int
    package var columns: Int
    /// η of this matrix at this step, the schedule and its parametrization applied; of a rule that makes
    /// another rate of it, the one that it is given.
    package var learningRate: Double
    /// λ of this matrix, per unit of its learning rate; 0 where the rule does not shrink weights by it.
    package var weightDecay: Double
    /// ‖w‖ (Frobenius), and over the root of the number of weights.
    package var weightNorm: Double
    package var weightRMS: Double
    /// The root mean square of w(t+1) - w(t).
    package var updateRMS: Double
    /// The root mean square of u in w(t+1) = (1 - ηλ) w(t) - η u; `nil` at a rate of 0.
    package var directionRMS: Double?
    /// The effective learning rate of arXiv 2606.29158: ‖ŵ(t+1) - ŵ(t)‖ with ŵ = w / ‖w‖.
    package var displacement: Double
    /// The effective learning rate of arXiv 2608.24814: η / ‖w‖.
    package var rateOverNorm: Double
    /// Of the angle between -u and w, between -1 and 1; `nil` where u is zero.
    package var cosine: Double?
    package var topSingularValue: Double
    /// Before clipping.
    package var gradientNorm: Double
    /// As of the whole gradient.
    package var gradientNoiseScale: Double?

    /// As the log's own spelling makes words of capitals, and back.
    enum CodingKeys: String, CodingKey {
      case path, role, rows, columns, learningRate, weightDecay, weightNorm, displacement
      case rateOverNorm, cosine, topSingularValue, gradientNorm, gradientNoiseScale
      case weightRMS = "weightRms"
      case updateRMS = "updateRms"
      case directionRMS = "directionRms"
    }

    package init(
      path: String, role: String, rows: Int, columns: Int, learningRate: Double,
      weightDecay: Double, weightNorm: Double, weightRMS: Double, updateRMS: Double,
      directionRMS: Double?, displacement: Double, rateOverNorm: Double, cosine: Double?,
      topSingularValue: Double, gradientNorm: Double, gradientNoiseScale: Double?
    ) {
      self.path = path
      self.role = role
      self.rows = rows
      self.columns = columns
      self.learningRate = learningRate
      self.weightDecay = weightDecay
      self.weightNorm = weightNorm
      self.weightRMS = weightRMS
      self.updateRMS = updateRMS
      self.directionRMS = directionRMS.finite
      self.displacement = displacement
      self.rateOverNorm = rateOverNorm
      self.cosine = cosine.finite
      self.topSingularValue = topSingularValue
      self.gradientNorm = gradientNorm
      self.gradientNoiseScale = gradientNoiseScale.finite
    }

    /// Whether all that must be numbers are.
    package var isFinite: Bool {
      [weightNorm, updateRMS, displacement, rateOverNorm, topSingularValue, gradientNorm]
        .allSatisfy(\.isFinite)
    }
  }

  /// The attention of one block, on one sequence.
  package struct Attention: Hashable, Codable, Sendable {
    /// The largest scaled product of a query and a key that it may look at, before the softmax.
    package var logitMaximum: Double
    /// The mean over heads and positions of the entropy of what is looked at, in nats.
    package var entropy: Double

    package init(logitMaximum: Double, entropy: Double) {
      self.logitMaximum = logitMaximum
      self.entropy = entropy
    }
  }
}

extension Double? {
  /// Nothing where it is no number: JSON has none of these.
  fileprivate var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}
