import Runs
import RealModule

/// A quantity as a power law of scale, with all that is known of its uncertainty.
///
/// The log of the quantity is a sum of terms linear in the logs of params, tokens and batch size, plus
/// an offset of each model size and one of each cell, both of unknown spread.
package struct ScaleLaw: Hashable, Codable, Sendable {
  package var quantity: LawQuantity
  package var terms: [LawTerm]
  /// The geometric mean of the scales fitted on; the constant is the log of the quantity there.
  package var centre: RunScale
  /// One for each term.
  package var coefficients: [Estimate]
  /// The model sizes fitted on, and the offset of each from the law.
  package var sizes: [Double]
  package var sizeOffsets: [Double]
  package var draws: LawDraws
  /// Whether slices of one cell were given a common offset, as where batch size is an input.
  package var cellsShareOffsets: Bool

  /// The quantity at `scale`.
  package func value(at scale: RunScale) -> Double { .exp(logValue(at: scale)) }

  package func logValue(at scale: RunScale) -> Double {
    let offset = sizes.firstIndex(of: scale.params).map { sizeOffsets[$0] } ?? 0
    return zip(features(at: scale), coefficients).reduce(offset) { $0 + $1.0 * $1.1.value }
  }

  /// Draws of the log of the quantity that a sweep at `scale` would find.
  ///
  /// - Parameters:
  ///   - scale: With a batch size where the law has a term for it.
  ///   - measurementError: The standard error with which the sweep would find it, in nats.
  /// - Returns: As many as the law keeps draws of its coefficients.
  package func sample(at scale: RunScale, measurementError: Double) -> [Double] {
    moments(at: scale).enumerated().map { index, moments in
      let deviation = (moments.variance + measurementError * measurementError).squareRoot()
      var random = KeyedRandom(seed: 0, RandomPurpose.prediction, UInt64(index))
      return moments.mean + deviation * random.normal()
    }
  }

  /// The variance of the log of the quantity at `scale`.
  func logVariance(at scale: RunScale) -> Double {
    let moments = moments(at: scale)
    let count = Double(moments.count)
    let mean = moments.reduce(0) { $0 + $1.mean } / count
    return moments.reduce(0) { $0 + $1.variance + ($1.mean - mean) * ($1.mean - mean) } / count
  }

  /// By each draw: the log of the quantity at `scale`, and the variance of cells around it.
  private func moments(at scale: RunScale) -> [(mean: Double, variance: Double)] {
    let features = features(at: scale)
    let size = sizes.firstIndex(of: scale.params)
    return draws.cellDeviations.indices.map { index in
      var mean = size.map { draws.sizeOffsets[$0][index] } ?? 0
      for (feature, values) in zip(features, draws.coefficients) { mean += feature * values[index] }
      let cell = draws.cellDeviations[index] * draws.cellDeviations[index]
      let unseenSize = size == nil ? draws.sizeDeviations[index] * draws.sizeDeviations[index] : 0
      return (mean, (cellsShareOffsets ? 2 : 1) * cell + unseenSize)
    }
  }

  /// The coefficient of `term`, or `nil` where the law lacks it.
  package func coefficient(of term: LawTerm) -> Estimate? {
    terms.firstIndex(of: term).map { coefficients[$0] }
  }

  private func features(at scale: RunScale) -> [Double] {
    terms.map { $0.feature(at: scale, centre: centre) }
  }
}

/// Joint draws of everything in a law that is uncertain, an element of each array a draw.
package struct LawDraws: Hashable, Codable, Sendable {
  /// An array for each term.
  package var coefficients: [[Double]]
  /// An array for each model size fitted on.
  package var sizeOffsets: [[Double]]
  /// The spread of cells around the law, in nats.
  package var cellDeviations: [Double]
  /// The spread of model sizes around the law, in nats.
  package var sizeDeviations: [Double]
}
