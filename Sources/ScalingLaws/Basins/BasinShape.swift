import RealModule

/// How loss rises on either side of the optimal learning rate, common to a data set.
///
/// With z the natural log of a rate over the optimal one, the relative rise of loss is depth times
///
///     ((exp(-left z) - 1) / left + (exp(right z) - 1) / right) / (left + right)
///
/// the sum of one falling and one rising power of the rate, scaled so that the second derivative at
/// the optimum is 1. It is a parabola near the optimum, as in Zhou et al. 2026 (arXiv 2601.05049,
/// Eq. 2, as read in summaries); away from it loss rises faster on one side than on the other, which
/// the parabola cannot say. This form is ours, not that paper's.
package struct BasinShape: Hashable, Codable, Sendable {
  /// The power with which loss rises as the rate falls.
  package var left: Double
  /// The power with which loss rises as the rate grows.
  package var right: Double

  package init(left: Double, right: Double) {
    self.left = left
    self.right = right
  }

  /// The rise at a log ratio `z` to the optimum, for a depth of 1.
  package func rise(_ z: Double) -> Double {
    (.expMinusOne(-left * z) / left + .expMinusOne(right * z) / right) / (left + right)
  }

  /// The derivative of `rise` by `z`.
  func slope(_ z: Double) -> Double {
    (.exp(right * z) - .exp(-left * z)) / (left + right)
  }
}
