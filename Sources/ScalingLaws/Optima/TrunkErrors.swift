import Runs
import RealModule

/// Residuals of runs from their basins, kept by trunk, to be drawn again as whole trunks.
///
/// Horizons annealed from one trunk share its luck, so a resample that drew branches one by one
/// would take one experiment for many. Each replicate gives every trunk all the residuals of another
/// trunk, in the order of its branches, with one sign.
struct TrunkErrors: Sendable {
  /// Residuals of each trunk by branch, scaled to unit variance over all of them.
  private var donors: [[Double]] = []
  private let trunkCount: Int

  /// Fewer trunks than this are no population to draw from; normal deviates stand in for them.
  private static let leastDonors = 10

  init(
    _ fits: [(site: OptimumSite, evidence: SliceEvidence)], under model: BasinModel,
    trunkCount: Int
  ) {
    self.trunkCount = trunkCount
    var byTrunk: [Int: [(branch: Int, residual: Double)]] = [:]
    for (site, evidence) in fits {
      let variances = model.variances(of: evidence)
      // Points far up the basin are fitted loosely on purpose; their residuals are no noise.
      for index in evidence.x.indices where evidence.excess[index] <= SliceEvidence.widestExcess {
        let rise = site.rise(at: evidence.x[index] + evidence.middle, under: model.shape)
        let residual = evidence.v[index] - site.logFloor - rise
        byTrunk[evidence.runs[index].trunk, default: []].append(
          (evidence.runs[index].branch, residual / variances[index].squareRoot()))
      }
    }
    let ordered = byTrunk.sorted { $0.key < $1.key }.map { trunk in
      trunk.value.sorted { $0.branch < $1.branch }.map(\.residual)
    }
    let all = ordered.joined()
    let deviation = (all.reduce(0) { $0 + $1 * $1 } / Double(max(all.count, 1))).squareRoot()
    guard ordered.count >= Self.leastDonors, deviation > 0 else { return }
    donors = ordered.map { $0.map { $0 / deviation } }
  }

  /// The errors of all sites in one replicate, each of about unit variance.
  func draw(for sites: [OptimumSite], seed: UInt64, replicate: Int) -> [Double] {
    let errors = (0..<trunkCount).map { trunk in
      luck(ofTrunk: trunk, seed: seed, replicate: replicate)
    }
    return sites.map { site in
      site.errorShares.reduce(0) { sum, part in
        let ofTrunk = errors[part.trunk]
        return sum + part.share * ofTrunk.sign
          * ofTrunk.branches[part.branch % ofTrunk.branches.count]
      }
    }
  }

  /// The residuals that a trunk is given in one replicate, by branch.
  private func luck(
    ofTrunk trunk: Int, seed: UInt64, replicate: Int
  ) -> (sign: Double, branches: [Double]) {
    var random = KeyedRandom(seed: seed, RandomPurpose.trunk, UInt64(replicate), UInt64(trunk))
    guard !donors.isEmpty else { return (1, [random.normal()]) }
    let donor = donors[random.index(below: donors.count)]
    return (random.next() & 1 == 0 ? 1 : -1, donor)
  }
}

/// What the random streams of a fit are for; each purpose has its own streams.
enum RandomPurpose {
  static let trunk: UInt64 = 1
  static let law: UInt64 = 2
  static let prediction: UInt64 = 3
  static let batch: UInt64 = 4
}
