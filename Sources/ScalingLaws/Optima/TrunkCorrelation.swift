import RealModule

/// How far the luck of one horizon of a trunk is that of the next.
///
/// Horizons annealed from one trunk share its luck, and a law that took each for an experiment of its
/// own would be too sure. The correlation of losses a branch apart is estimated from how runs stand
/// off their basins; further apart it falls as a power of the number of branches.
package struct TrunkCorrelation: Hashable, Sendable {
  /// The correlation of one branch with the next, 0 to 0.95.
  package var ofNeighbours: Double

  /// What is thought of it before runs are seen, worth as many pairs.
  ///
  /// Branches share most of their training, so without evidence half of their luck is common.
  private static let prior = (correlation: 0.5, pairs: 20.0)
  /// With more, all horizons of a trunk would be one measurement and the law would rest on none.
  private static let greatest = 0.95
  /// A basin follows fewer points so closely that their residuals say nothing.
  private static let leastPoints = 5

  package init(ofNeighbours: Double) { self.ofNeighbours = ofNeighbours }

  /// The correlation that the residuals of slices show.
  ///
  /// - Parameter slices: The runs of each slice.
  package init(_ slices: [[ErrorShare]]) {
    var byTrunk: [Int: [ErrorShare]] = [:]
    for runs in slices where runs.count >= Self.leastPoints {
      for run in runs { byTrunk[run.trunk, default: []].append(run) }
    }
    var products = 0.0
    var squares = 0.0
    var pairs = 0.0
    for trunk in byTrunk.sorted(by: { $0.key < $1.key }) {
      let runs = trunk.value.sorted { $0.branch < $1.branch }
      for (one, next) in zip(runs, runs.dropFirst()) where next.branch == one.branch + 1 {
        products += one.residual * next.residual
        squares += (one.residual * one.residual + next.residual * next.residual) / 2
        pairs += 1
      }
    }
    let seen = squares > 0 ? products / squares : 0
    let expected =
      (seen * pairs + Self.prior.correlation * Self.prior.pairs) / (pairs + Self.prior.pairs)
    ofNeighbours = min(max(expected, 0), Self.greatest)
  }

  /// The correlations among the errors of optima, by rows, with ones on the diagonal.
  ///
  /// - Parameter shares: What each optimum's error is made of.
  /// - Returns: A square of as many rows and columns.
  package func matrix(_ shares: [[ErrorShare]]) -> [Double] {
    let count = shares.count
    var matrix = [Double](repeating: 0, count: count * count)
    for index in 0..<count { matrix[index * count + index] = 1 }
    guard ofNeighbours > 0 else { return matrix }
    var byTrunk: [Int: [(optimum: Int, branch: Int, share: Double)]] = [:]
    for (optimum, parts) in shares.enumerated() {
      for part in parts {
        byTrunk[part.trunk, default: []].append((optimum, part.branch, part.share))
      }
    }
    // In a fixed order, so that sums round alike in every run.
    for (_, parts) in byTrunk.sorted(by: { $0.key < $1.key }) {
      for one in parts {
        for other in parts where other.optimum != one.optimum {
          matrix[one.optimum * count + other.optimum] +=
            one.share * other.share * .pow(ofNeighbours, abs(one.branch - other.branch))
        }
      }
    }
    return matrix
  }
}
