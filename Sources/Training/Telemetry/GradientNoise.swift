/// How noisy a gradient is, from two parts of its batch.
///
/// McCandlish et al. 2018 (arXiv 1812.06162), appendix A.1: the batch, in tokens, at which the noise of
/// the gradient is as large as its mean. Of one step it is itself noisy: only means and medians over
/// steps tell something.
package struct GradientNoise {
  /// The sum of the variances of all components for a batch of one token.
  private var variance = 0.0
  /// The squared norm of the mean gradient, without what noise adds to it.
  private var square = 0.0

  package init() {}

  /// In tokens; `nil` where the parts of the batch do not agree on any direction.
  package var scale: Double? { square > 0 ? variance / square : nil }

  /// Adds the components of one array.
  ///
  /// - Parameters:
  ///   - change: From the gradient summed over the batch's first part to that over all of it.
  ///   - share: The first part's share of the batch.
  ///   - tokens: Of the whole batch, over which the sum is a mean.
  package mutating func add(_ change: Change, share: Double, tokens: Int) {
    let rest = 1 - share
    let first = change.start / (share * share)
    let other = change.difference / (rest * rest)
    let agreement = change.along / (share * rest)
    variance += (first + other - 2 * agreement) * Double(tokens) * share * rest
    square += agreement
  }

  package static func + (first: GradientNoise, second: GradientNoise) -> GradientNoise {
    var sum = first
    sum.variance += second.variance
    sum.square += second.square
    return sum
  }
}
