import Runs

/// Where in a pool the noise of a context begins.
///
/// Multiply-shift hashing: Dietzfelbinger et al. 1997, "A reliable randomized algorithm for the
/// closest-pair problem".
struct ContextHash: Sendable {
  private let start: UInt64
  private let topicFactor: UInt64
  private let lastFactor: UInt64
  private let earlierFactor: UInt64
  private let shift: UInt64

  /// A hash to `bits` bits of that part of the context which the kind of influence looks at.
  init(kind: Influence.Kind, bits: Int, random: inout KeyedRandom) {
    start = random.next()
    let factors = (0..<3).map { _ in random.next() | 1 }
    topicFactor = kind.contains(.topic) ? factors[0] : 0
    lastFactor = kind.contains(.last) ? factors[1] : 0
    earlierFactor = kind.contains(.earlier) ? factors[2] : 0
    shift = UInt64(UInt64.bitWidth - bits)
  }

  func place(topic: UInt64, last: UInt64, earlier: UInt64) -> Int {
    let hash =
      start &+ topic &* topicFactor &+ last &* lastFactor &+ earlier &* earlierFactor
    return Int(truncatingIfNeeded: hash &>> shift)
  }
}
