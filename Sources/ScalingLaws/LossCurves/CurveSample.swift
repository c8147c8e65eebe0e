import RealModule
import Runs

/// The points of all curves that a law is fitted to, with what each counts.
struct CurveSample {
  let curves: [PacedCurve]
  let losses: [Double]
  /// Each curve counts alike, and within it each stretch of log step.
  let weights: [Double]
  /// Stretches of each curve, which are drawn again as wholes: neighbouring losses err together.
  let blocks: [[Range<Int>]]
  let peakRate: Double

  private static let blocksPerCurve = 8

  init(_ curves: [PacedCurve]) {
    var losses: [Double] = []
    var weights: [Double] = []
    var blocks: [[Range<Int>]] = []
    for paced in curves {
      let start = losses.count
      let own = paced.fittedLosses
      let shares = paced.shares
      let sum = shares.reduce(0, +)
      losses += own
      weights += shares.map { $0 / sum }
      let ends = (0...Self.blocksPerCurve).map { start + own.count * $0 / Self.blocksPerCurve }
      blocks.append(zip(ends, ends.dropFirst()).filter { $0 < $1 }.map { $0..<$1 })
    }
    self.curves = curves
    self.losses = losses
    let scale = Double(losses.count) / Double(max(curves.count, 1))
    self.weights = weights.map { $0 * scale }
    self.blocks = blocks
    peakRate = curves.map(\.curve.peakRate).max() ?? 0
  }

  /// The law's losses at the points.
  func losses(by law: (LearningRatePath, [Int]) -> [Double]) -> [Double] {
    curves.flatMap { paced in law(paced.path, paced.fitted.map { paced.knots[$0] }) }
  }

  /// How often each point counts in a draw: blocks of a curve are drawn from those of that curve, by
  /// a random stream of its name.
  func counts(draw: Int, seed: UInt64) -> [Double] {
    var counts = [Double](repeating: 0, count: losses.count)
    for (paced, own) in zip(curves, blocks) {
      var random = KeyedRandom(
        seed: seed, RandomPurpose.lossCurves, paced.curve.key, UInt64(draw))
      for _ in own {
        for point in own[random.index(below: own.count)] { counts[point] += 1 }
      }
    }
    return counts
  }
}

extension LossCurve {
  /// The name as a number (FNV-1a of its bytes: Fowler, Noll and Vo).
  fileprivate var key: UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
