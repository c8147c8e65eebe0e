import RealModule
package import Runs

/// A made-up world with a known optimal learning rate, to test fits against.
///
/// Loss falls with params and tokens towards a floor (the form of Hoffmann et al. 2022, arXiv
/// 2203.15556, with round numbers of our own), and rises off the optimum as a basin does.
package struct PlantedLaw: Sendable {
  /// The optimal rate at 100M params, 2B tokens and 256k tokens a batch.
  package var rateAtReference = 2e-3
  package var paramsExponent = -0.4
  package var tokensExponent = -0.2
  package var batchExponent = 0.0
  /// Of the share of the model that is active, 1 for a dense one.
  package var activeShareExponent = 0.0
  package var basin = BasinModel(
    shape: BasinShape(left: 0.5, right: 1.2), depth: 0.02, noise: 5e-4)
  /// The best batch size at the reference scale; without one, loss does not depend on batch size.
  package var batchAtReference: Double?
  /// The power of tokens with which the best batch size grows.
  package var batchTokensExponent = 0.5
  /// A run diverges at this multiple of the optimal rate.
  package var divergesAt = 8.0
  /// The relative noise that the horizons of one trunk share, beside each run's own.
  package var trunkNoise = 0.0
  /// How far the optima of cells scatter around the law, in nats.
  package var cellSpread = 0.0
  /// How far the optima of model sizes scatter around the law, in nats, all cells of a size alike.
  package var sizeSpread = 0.0

  package init() {}

  /// What simulated runs name as their trainer, so that nobody takes them for measurements.
  package static let trainer = "simulated"

  package static let reference = RunScale(
    params: 1e8, tokens: 2e9, batchTokens: 262_144, activeShare: 1)

  /// The log of the optimal rate by the law, without the scatter of cells.
  package func logOptimum(at scale: RunScale) -> Double {
    let batch = (scale.batchTokens ?? 1) / (Self.reference.batchTokens ?? 1)
    return .log(rateAtReference) + paramsExponent * .log(scale.params / Self.reference.params)
      + tokensExponent * .log(scale.tokens / Self.reference.tokens)
      + (scale.batchTokens == nil ? 0 : batchExponent * .log(batch))
      + (scale.activeShare.map { activeShareExponent * .log($0) } ?? 0)
  }

  package func optimum(at scale: RunScale) -> Double { .exp(logOptimum(at: scale)) }

  /// The best batch size at `scale`, where the law has one.
  package func bestBatchTokens(at scale: RunScale) -> Double? {
    batchAtReference.map {
      $0 * .pow(scale.tokens / Self.reference.tokens, batchTokensExponent)
    }
  }

  /// The least loss at `scale`, in nats per token.
  package func leastLoss(at scale: RunScale) -> Double {
    let loss = 1.7 + 400 / .pow(scale.params, 0.34) + 400 / .pow(scale.tokens, 0.28)
    guard let best = bestBatchTokens(at: scale), let batch = scale.batchTokens else { return loss }
    let z = Double.log(batch / best)
    return loss * .exp(Self.batchDepth * z * z / 2)
  }

  /// The second derivative of log loss in log batch size.
  private static let batchDepth = 0.01

  /// The percentage by which the loss at `learningRate` exceeds the least.
  package func gapPercent(of learningRate: Double, at scale: RunScale) -> Double {
    100 * .expMinusOne(basin.excess(.log(learningRate) - logOptimum(at: scale)))
  }

  /// The runs of a grid: every rate at every scale, horizons of one size and rate sharing a trunk.
  ///
  /// - Parameters:
  ///   - scales: Any number.
  ///   - learningRates: Any number.
  ///   - seed: Names the random streams; equal seeds give equal runs.
  /// - Returns: A record for each scale and rate, scale by scale.
  package func runs(
    at scales: [RunScale], learningRates: [Double], seed: UInt64
  ) -> [RunRecord] {
    scales.enumerated().flatMap { cell, scale in
      let shift = shift(at: scale, cell: cell, seed: seed)
      return learningRates.enumerated().map { place, rate in
        run(at: scale, cell: cell, shift: shift, rate: rate, place: place, seed: seed)
      }
    }
  }

  /// How far the optimum at `scale`, the one at place `cell`, lies from the law in the runs of `seed`.
  ///
  /// - Returns: In nats.
  package func shift(at scale: RunScale, cell: Int, seed: UInt64) -> Double {
    var ofCell = KeyedRandom(seed: seed, 1, UInt64(cell))
    var ofSize = KeyedRandom(seed: seed, 4, UInt64(scale.params))
    return cellSpread * ofCell.normal() + sizeSpread * ofSize.normal()
  }

  private func run(
    at scale: RunScale, cell: Int, shift: Double, rate: Double, place: Int, seed: UInt64
  ) -> RunRecord {
    let z = Double.log(rate) - logOptimum(at: scale) - shift
    var own = KeyedRandom(seed: seed, 2, UInt64(cell), UInt64(place))
    let trunk = UInt64(scale.batchTokens ?? 0) ^ (scale.activeShare ?? 0).bitPattern
    var shared = KeyedRandom(seed: seed, 3, UInt64(scale.params), trunk, UInt64(place))
    let noise = basin.noise * own.normal() + trunkNoise * shared.normal()
    let loss = leastLoss(at: scale) * .exp(basin.excess(z) + noise)
    let hasDiverged = z > .log(divergesAt)
    var record = RunRecord(
      params: scale.params, tokens: scale.tokens, learningRate: rate,
      loss: hasDiverged ? nil : loss)
    record.batchTokens = scale.batchTokens
    record.status = hasDiverged ? .diverged : .finished
    record.trunk =
      "\(Quantity.format(scale.params))-\(Quantity.format(scale.batchTokens ?? 0))-\(rate)"
    if let share = scale.activeShare {
      record.paramsTotal = scale.params
      record.paramsActive = scale.params * share
      record.trunk?.append("-\(share)")
    }
    record.trainer = Self.trainer
    record.lossKind = "validation"
    record.corpus = "simulated"
    return record
  }
}
