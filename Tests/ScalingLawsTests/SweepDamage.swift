import Numerics
import Runs

/// What goes wrong with a sweep on its way to a table.
///
/// Every decision is a keyed draw of its own, so that a run's fate depends on no other run.
struct SweepDamage {
  /// The share of cells that nobody ran.
  var missingCells = 0.15
  /// The share of the other cells' runs that are not in the table.
  var missingRuns = 0.15
  /// The share of runs whose loss is off, as from another seed, text or checkpoint.
  var outliers = 0.02
  /// By how much it is off, as a share of the loss, either way.
  var outlierSize = 0.01...0.05
  /// Each slice draws the multiple of its best rate beyond which its runs diverge.
  var divergesBeyond = 3.0...10.0

  private enum Purpose {
    static let cell: UInt64 = 1
    static let run: UInt64 = 2
    static let outlier: UInt64 = 3
    static let divergence: UInt64 = 4
  }

  /// What is left of `runs` in the table that `seed` names.
  func damaged(_ runs: [RunRecord], seed: UInt64) -> [RunRecord] {
    let slices = Dictionary(grouping: runs) { Slice($0) }
    let bestRates = slices.compactMapValues { slice in
      slice.filter { $0.loss != nil }.min { ($0.loss ?? 0) < ($1.loss ?? 0) }?.learningRate
    }
    return runs.compactMap { run in
      let slice = Slice(run)
      var random = KeyedRandom(
        seed: seed, Purpose.cell, run.params.bitPattern, run.tokens.bitPattern)
      guard random.uniform() > missingCells else { return nil }
      random = slice.random(seed, Purpose.run, run.learningRate)
      guard random.uniform() > missingRuns else { return nil }
      var run = run
      random = slice.random(seed, Purpose.outlier, run.learningRate)
      if random.uniform() < outliers {
        let size = Double.random(in: outlierSize, using: &random)
        let factor = Bool.random(using: &random) ? 1 + size : 1 - size
        run.loss = run.loss.map { $0 * factor }
      }
      random = slice.random(seed, Purpose.divergence, 0)
      let multiple = Double.random(in: divergesBeyond, using: &random)
      if let best = bestRates[slice], run.learningRate > multiple * best {
        run.loss = nil
        run.status = .diverged
      }
      return run
    }
  }

  /// The runs that differ in nothing but the learning rate.
  private struct Slice: Hashable {
    let params: Double
    let tokens: Double
    let batchTokens: Double?

    init(_ run: RunRecord) {
      params = run.params
      tokens = run.tokens
      batchTokens = run.batchTokens
    }

    func random(_ seed: UInt64, _ purpose: UInt64, _ learningRate: Double) -> KeyedRandom {
      KeyedRandom(
        seed: seed, purpose, params.bitPattern, tokens.bitPattern,
        (batchTokens ?? 0).bitPattern, learningRate.bitPattern)
    }
  }
}
