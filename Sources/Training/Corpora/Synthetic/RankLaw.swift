import Foundation
package import Runs

/// A law over ranks, the first the likeliest.
package struct RankLaw: Sendable {
  /// What a model that knows the law loses on each rank, in nats.
  package let lossNats: [Double]
  package let probabilities: [Double]
  package let entropyNats: Double

  /// A random word below `bounds[rank]`, and not below the bound before, is a draw of that rank.
  private let bounds: [UInt64]

  package init(weights: [Double]) {
    let total = weights.reduce(0, +)
    let probabilities = weights.map { $0 / total }
    self.probabilities = probabilities
    let losses = probabilities.map { -log($0) }
    lossNats = losses
    entropyNats = zip(probabilities, losses).reduce(0) { $0 + $1.0 * $1.1 }
    var sum = 0.0
    bounds = probabilities.dropLast().map { probability in
      sum += probability
      return UInt64(sum * 0x1p64)
    }
  }

  /// Draws a rank.
  ///
  /// Ranks are tried in turn, for the first few have most of the weight.
  package func rank(from random: inout KeyedRandom) -> Int {
    let word = random.next()
    return bounds.firstIndex { word < $0 } ?? bounds.count
  }
}
