import RealModule
import Runs

/// The tokens that one model size takes to a given loss, at each batch size.
package struct EqualLoss: Sendable {
  package var params: Double
  package var activeShare: Double?
  package var loss: Double
  /// By ascending batch size.
  package var points: [Point]

  /// A batch size and the tokens it takes, in logs.
  package struct Point: Hashable, Sendable {
    package let batchTokens: Double
    package let batch: Double
    package var tokens: Double

    /// - Parameters:
    ///   - batchTokens: Tokens in a step.
    ///   - tokens: The log of those it takes.
    package init(batchTokens: Double, tokens: Double) {
      self.batchTokens = batchTokens
      batch = .log(batchTokens)
      self.tokens = tokens
    }
  }

  package init(params: Double, activeShare: Double? = nil, loss: Double, points: [Point]) {
    self.params = params
    self.activeShare = activeShare
    self.loss = loss
    self.points = points
  }

  /// The batch with the fewest tokens.
  var fewest: Point? { points.min { $0.tokens < $1.tokens } }
}

/// Equal-loss curves of all sizes, as measured and as they would be under other luck.
struct EqualLosses: Sendable {
  /// For each size the losses that its runs reach at four batch sizes or more, from high to low.
  let targets: [EqualLoss]
  /// The same targets in each draw.
  let draws: [[EqualLoss]]
  /// Sizes left out: too few horizons, or too few batches with horizons enough.
  let leftOut: [(params: Double, reason: String)]
  /// The curve of the batch that does best at each size, for turning tokens into loss.
  let envelopes: [(params: Double, curve: TokensCurve)]

  /// Two parameters need more points than two for their misfit to show.
  static let leastBatches = 4
  private static let leastHorizons = 3
  private static let targetsPerSize = 5

  /// - Parameters:
  ///   - floors: What each batch size reaches.
  ///   - correlation: Of the luck of neighbouring horizons of one trunk.
  ///   - draws: How many.
  ///   - seed: Names the random streams.
  init(_ floors: [BatchFloor], correlation: Double, draws: Int, seed: UInt64) {
    var targets: [EqualLoss] = []
    var sizes: [(all: [BatchFloor], curves: TokensCurves, targets: [EqualLoss])] = []
    var leftOut: [(params: Double, reason: String)] = []
    var envelopes: [(params: Double, curve: TokensCurve)] = []
    let bySize = Dictionary(grouping: floors) { Size($0.cell) }.sorted { $0.key < $1.key }
    for (size, floors) in bySize {
      let horizons = Set(floors.map(\.cell.tokens)).count
      guard horizons >= Self.leastHorizons, let curves = TokensCurves(Self.series(floors)),
        curves.spare > 0
      else {
        leftOut.append(
          (size.params, "\(horizons.counted("horizon")) of the \(Self.leastHorizons) it takes"))
        continue
      }
      let own = Self.targets(of: size, curves)
      guard !own.isEmpty else {
        leftOut.append(
          (size.params, "no loss is reached at \(Self.leastBatches) batch sizes or more"))
        continue
      }
      sizes.append((floors, curves, own))
      targets += own
      if let middle = own[own.count / 2].fewest, let curve = curves.curves[middle.batchTokens] {
        envelopes.append((size.params, curve))
      }
    }
    self.targets = targets
    self.leftOut = leftOut
    self.envelopes = envelopes
    self.draws = (0..<draws).map { draw in
      sizes.flatMap { size in
        let moved = Self.moved(
          size.all, by: size.curves.misfit, correlation: correlation, draw: draw, seed: seed)
        let curves = TokensCurves(Self.series(moved))?.curves ?? [:]
        return size.targets.map { target in
          var target = target
          target.points = target.points.compactMap { point in
            curves[point.batchTokens]?.logTokens(for: target.loss).map {
              EqualLoss.Point(batchTokens: point.batchTokens, tokens: $0)
            }
          }
          return target
        }
      }
    }
  }

  private struct Size: Hashable, Comparable {
    var params: Double
    var activeShare: Double?

    init(_ cell: RunScale) {
      params = cell.params
      activeShare = cell.activeShare
    }

    static func < (a: Size, b: Size) -> Bool {
      (a.params, a.activeShare ?? 1) < (b.params, b.activeShare ?? 1)
    }
  }

  private static func series(_ floors: [BatchFloor]) -> [Double: [TokensCurves.Horizon]] {
    Dictionary(grouping: floors, by: \.batchTokens).mapValues { floors in
      floors.sorted { $0.cell.tokens < $1.cell.tokens }.map {
        TokensCurves.Horizon(
          logTokens: .log($0.cell.tokens), loss: $0.loss, deviation: $0.deviation)
      }
    }
  }

  /// Losses on the envelope of all batches, evenly spaced in the log of tokens.
  private static func targets(of size: Size, _ curves: TokensCurves) -> [EqualLoss] {
    let all = curves.curves.sorted { $0.key < $1.key }
    guard let low = all.map(\.value.measured.lowerBound).min(),
      let high = all.map(\.value.measured.upperBound).max()
    else { return [] }
    return (0..<targetsPerSize).compactMap { step in
      let place = low + (high - low) * (Double(step) + 0.5) / Double(targetsPerSize)
      let losses = all.filter { $0.value.reaches(place) }.map { $0.value.loss(atLogTokens: place) }
      guard let loss = losses.min() else { return nil }
      let points = all.compactMap { batch, curve -> EqualLoss.Point? in
        guard let tokens = curve.logTokens(for: loss), curve.reaches(tokens) else { return nil }
        return EqualLoss.Point(batchTokens: batch, tokens: tokens)
      }
      guard points.count >= leastBatches else { return nil }
      return EqualLoss(
        params: size.params, activeShare: size.activeShare, loss: loss, points: points)
    }
  }

  /// The floors under other luck: horizons of one trunk share part of it.
  private static func moved(
    _ floors: [BatchFloor], by misfit: Double, correlation: Double, draw: Int, seed: UInt64
  ) -> [BatchFloor] {
    let own = (1 - correlation * correlation).squareRoot()
    return Dictionary(grouping: floors, by: \.batchTokens).sorted { $0.key < $1.key }.flatMap {
      batch, floors in
      var random = KeyedRandom(
        seed: seed, RandomPurpose.batches, UInt64(draw), floors[0].cell.params.bitPattern,
        batch.bitPattern)
      var luck = random.normal()
      return floors.sorted { $0.cell.tokens < $1.cell.tokens }.map { floor in
        var moved = floor
        moved.loss *= .exp(misfit * floor.deviation * luck)
        luck = correlation * luck + own * random.normal()
        return moved
      }
    }
  }
}
