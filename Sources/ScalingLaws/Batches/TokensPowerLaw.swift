import RealModule
import Runs

/// A batch size as a power of the tokens that a loss takes at least: `B = B_0 (D / D_0)^m`.
package struct TokensPowerLaw: Hashable, Encodable, Sendable {
  /// m.
  package var exponent: Estimate
  /// B_0, in tokens a step.
  package var batchTokens: Estimate
  /// D_0, the geometric mean of the tokens fitted on.
  package var tokens: Double
  /// The least and the most tokens fitted on.
  package var range: ValueRange
  /// How many losses and model sizes it rests on.
  package var losses: Int
  package var sizes: Int
  /// Pairs of the constant and the exponent, for intervals elsewhere.
  private var draws: [Line]

  private enum CodingKeys: String, CodingKey {
    case exponent, batchTokens, tokens, range, losses, sizes
  }

  /// A batch size found for one loss of one model size, in logs.
  struct Point: Hashable, Sendable {
    var params: Double
    var tokens: Double
    var batch: Double
  }

  private struct Line: Hashable, Sendable {
    var constant: Double
    var slope: Double

    init?(_ points: [Point], around centre: Double) {
      guard points.count > 1 else { return nil }
      let x = points.map { $0.tokens - centre }
      let middle = x.reduce(0, +) / Double(x.count)
      let height = points.reduce(0) { $0 + $1.batch } / Double(x.count)
      let spread = x.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
      guard spread > 0 else { return nil }
      slope =
        zip(x, points).reduce(0) { $0 + ($1.0 - middle) * ($1.1.batch - height) } / spread
      constant = height - slope * middle
    }
  }

  /// `nil` for fewer than three points or a single number of tokens.
  ///
  /// - Parameters:
  ///   - points: As measured.
  ///   - draws: The same under other luck; each is also drawn anew among model sizes, whose losses
  ///     lie on one curve each and err together.
  ///   - confidence: Of the intervals.
  ///   - seed: Names the random streams.
  init?(_ points: [Point], draws: [[Point]], confidence: Double, seed: UInt64) {
    guard points.count >= Self.leastPoints, let range = ValueRange(points.map { .exp($0.tokens) })
    else { return nil }
    let centre = points.reduce(0) { $0 + $1.tokens } / Double(points.count)
    guard let line = Line(points, around: centre) else { return nil }
    let sizes = Set(points.map(\.params)).sorted()
    let lines = draws.enumerated().compactMap { index, points -> Line? in
      let bySize = Dictionary(grouping: points, by: \.params)
      var random = KeyedRandom(seed: seed, RandomPurpose.batches, 1 << 32, UInt64(index))
      return Line(
        sizes.flatMap { _ in bySize[sizes[random.index(below: sizes.count)]] ?? [] },
        around: centre)
    }
    guard lines.count >= Self.leastDraws else { return nil }
    self.range = range
    losses = points.count
    self.sizes = sizes.count
    tokens = .exp(centre)
    exponent = Estimate(value: line.slope, sample: lines.map(\.slope), confidence: confidence)
    let constants = Estimate(
      value: line.constant, sample: lines.map(\.constant), confidence: confidence)
    batchTokens = constants.exponential
    self.draws = lines
  }

  private static let leastPoints = 3
  private static let leastDraws = 20

  /// The batch size where a loss takes `tokens` at least.
  package func estimate(at tokens: Double) -> Estimate {
    let distance = Double.log(tokens / self.tokens)
    return Estimate(
      value: .log(batchTokens.value) + exponent.value * distance,
      sample: draws.map { $0.constant + $0.slope * distance }, confidence: exponent.confidence
    ).exponential
  }
}

extension TokensPowerLaw {
  /// The law as text, anchored in the middle of the tokens fitted on.
  package var formula: String {
    "\(Quantity.format(batchTokens.value)) (D/\(Quantity.format(tokens)))^"
      + "\(exponent.value.rounded(places: 3)) tokens"
  }
}

extension Estimate {
  /// The estimate of a quantity from that of its natural log.
  var exponential: Estimate {
    Estimate(value: .exp(value), lower: .exp(lower), upper: .exp(upper), confidence: confidence)
  }
}
