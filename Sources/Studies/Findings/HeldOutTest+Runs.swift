import RealModule
import Runs
package import ScalingLaws

extension HeldOutTest {
  /// The test as far as its runs have ended; `nil` before any has.
  ///
  /// - Parameters:
  ///   - prediction: What the law said before.
  ///   - runs: The runs of the hold-out.
  ///   - law: Lends the shape of its basins and the noise of a loss.
  package init?(_ prediction: HeldOutPrediction, _ runs: [StoredRun], law: LearningRateLaw) {
    let ended = runs.filter(\.hasEnded)
      .sorted { $0.run.description.learningRate < $1.run.description.learningRate }
    guard let first = ended.first else { return nil }
    let measured = ended.map { stored in
      Run(
        id: stored.run.id, learningRate: stored.run.description.learningRate,
        loss: stored.record.flatMap { $0.hasDiverged ? nil : $0.loss })
    }
    self.init(
      params: Double(first.run.paramsTotal), tokens: first.run.description.tokens,
      learningRate: prediction.learningRate, optimum: prediction.optimum, runs: measured,
      gapPercent: nil, gapStandardError: nil,
      measuredOptimum: law.optimum(
        measuredBy: ended.compactMap(\.record), confidence: prediction.optimum.confidence))
    if let best = measured.compactMap(\.loss).min(), let own = recommendedRun?.loss {
      gapPercent = 100 * (own / best - 1)
      // The text is the same for all runs, so what is left is the luck of each of the two.
      gapStandardError = 100 * 2.0.squareRoot() * law.scatter
    }
  }

  /// The run at the recommended rate.
  package var recommendedRun: Run? {
    runs.first { abs($0.learningRate / learningRate - 1) < 1e-6 }
  }

  /// Which end of the rates that were tried has the least loss, if one does: the factor to try next.
  package var nextFactor: Double? {
    let ended = runs.filter { $0.loss != nil }
    guard let best = ended.min(by: { ($0.loss ?? 0) < ($1.loss ?? 0) }) else { return nil }
    if best == runs.first { return best.learningRate / learningRate / 2 }
    return best == runs.last ? best.learningRate / learningRate * 2 : nil
  }
}

extension LearningRateLaw {
  /// The relative scatter of measured losses around the bottom of their basins, pooled over the sweep.
  ///
  /// The fit's own noise leaves out what the common shape of basins gets wrong; this holds it too,
  /// and is never less.
  fileprivate var scatter: Double {
    var squares = 0.0
    var freedom = 0.0
    for slice in cells.flatMap(\.slices) {
      guard slice.status == .located, let optimum = slice.optimum?.value,
        let floor = slice.minimumLoss, let depth = slice.depth
      else { continue }
      let measured = slice.losses.indices.filter {
        slice.losses[$0] != nil && !slice.diverged[$0] && !slice.predicted[$0]
      }
      // A basin's place, depth and floor are fitted to its losses.
      guard measured.count > 3 else { continue }
      for index in measured {
        let rise = depth * basin.shape.rise(.log(slice.learningRates[index] / optimum))
        guard rise < Self.bottom else { continue }
        let residual = .log((slice.losses[index] ?? floor) / floor) - rise
        squares += residual * residual
        freedom += 1 - 3 / Double(measured.count)
      }
    }
    return max(basin.noise, freedom > 0 ? (squares / freedom).squareRoot() : 0)
  }

  /// Losses further up a basin than this say little of those near its bottom.
  private static let bottom = 0.02
}
