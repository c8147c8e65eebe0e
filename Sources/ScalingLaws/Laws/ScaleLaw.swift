import Runs
import RealModule

/// A quantity as a power law of scale, with all that is known of its uncertainty.
///
/// The log of the quantity is a sum of terms made of the logs of params, tokens and batch size, plus
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
  /// The usual error with which a sweep like this one finds the quantity, in nats.
  package var measurementError: Double

  /// The quantity at `scale`.
  package func value(at scale: RunScale) -> Double { .exp(logValue(at: scale)) }

  package func logValue(at scale: RunScale) -> Double {
    let offset = sizes.firstIndex(of: scale.params).map { sizeOffsets[$0] } ?? 0
    return zip(features(at: scale), coefficients).reduce(offset) { $0 + $1.0 * $1.1.value }
  }

  /// Draws of the log of the quantity at `scale`, or of what a sweep there would find.
  ///
  /// - Parameters:
  ///   - scale: With a batch size where the law has a term for it.
  ///   - measured: Whether the draws hold the error with which a sweep would find it.
  /// - Returns: As many as the law keeps draws of its coefficients.
  package func sample(at scale: RunScale, measured: Bool) -> [Double] {
    let error = measured ? measurementError : 0
    return moments(at: scale).enumerated().map { index, moments in
      let deviation = (moments.variance + error * error).squareRoot()
      var random = KeyedRandom(seed: 0, RandomPurpose.prediction, UInt64(index))
      return moments.mean + deviation * random.normal()
    }
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

  /// The coefficients that bend the law along scale.
  var curvatures: [Curvature] {
    zip(terms, coefficients).compactMap { term, estimate in
      LawTerm.curvatures.contains(term) ? Curvature(term: term, estimate: estimate) : nil
    }
  }

  /// The exponent of `quantity` at `scale`: how the log of the law's quantity changes with its log.
  ///
  /// - Returns: `nil` where the law has no term for it.
  package func exponent(of quantity: ScaleQuantity, at scale: RunScale) -> Double? {
    guard terms.contains(where: { $0.factors.contains(quantity) }) else { return nil }
    return zip(terms, coefficients).reduce(0) {
      $0 + $1.1.value * slope(of: $1.0, by: quantity, at: scale)
    }
  }

  /// How the factor of `term` changes with the log of `quantity` at `scale`.
  private func slope(of term: LawTerm, by quantity: ScaleQuantity, at scale: RunScale) -> Double {
    guard let place = term.factors.firstIndex(of: quantity) else { return 0 }
    let isSquared = term.factors.count(where: { $0 == quantity }) == 2
    var others = term.factors
    others.remove(at: place)
    let rest = others.reduce(1.0) { product, other in
      guard let value = other.value(at: scale), let middle = other.value(at: centre) else {
        return 0
      }
      return product * .log(value / middle)
    }
    return rest * (isSquared ? 2 : 1)
  }

  /// The exponent of `quantity` at `scale`, with its interval.
  ///
  /// - Returns: `nil` where the law has no term for it.
  package func exponentEstimate(
    of quantity: ScaleQuantity, at scale: RunScale, confidence: Double
  ) -> Estimate? {
    exponent(of: quantity, at: scale).map { value in
      let slopes = terms.map { slope(of: $0, by: quantity, at: scale) }
      return Estimate(value: value, sample: products(with: slopes), confidence: confidence)
    }
  }

  /// How many times the quantity at `one` scale is that at `other`, of the same size and cell.
  package func ratio(of one: RunScale, to other: RunScale, confidence: Double) -> Estimate {
    let changes = zip(features(at: one), features(at: other)).map { $0 - $1 }
    let value = zip(changes, coefficients).reduce(0) { $0 + $1.0 * $1.1.value }
    let logs = Estimate(value: value, sample: products(with: changes), confidence: confidence)
    return Estimate(
      value: .exp(logs.value), lower: .exp(logs.lower), upper: .exp(logs.upper),
      confidence: confidence)
  }

  /// By each draw: the sum over terms of a number times the coefficient.
  private func products(with numbers: [Double]) -> [Double] {
    draws.cellDeviations.indices.map { index in
      zip(numbers, draws.coefficients).reduce(0) { $0 + $1.0 * $1.1[index] }
    }
  }

  private func features(at scale: RunScale) -> [Double] {
    terms.map { $0.feature(at: scale, centre: centre) }
  }
}
