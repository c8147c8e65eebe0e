import RealModule

/// What one batch size reaches at its own best learning rate, at one size and horizon.
struct BatchFloor: Hashable, Sendable {
  /// Without the batch size.
  var cell: RunScale
  var batchTokens: Double
  /// The least loss, by the fitted basin.
  var loss: Double
  /// The relative error of that loss, where the best learning rate is as uncertain as it is.
  var deviation: Double
  /// The natural log of the best learning rate, with its error.
  var logRate: Double
  var rateDeviation: Double
  /// Which end of the learning rates tried holds the least loss, if one does.
  ///
  /// How far loss falls beyond is then known from the usual basin alone, and the error says so.
  var edge: SweepEdge?
  /// Whether the loss was not measured but predicted from other horizons.
  var isPredicted: Bool
}

extension BatchFloor {
  /// - Returns: `nil` for a slice without a batch size, or with predictions only.
  init?(_ slice: SweepSlice, _ site: OptimumSite) {
    guard let batch = slice.scale.batchTokens, slice.points.contains(where: { !$0.isPredicted })
    else { return nil }
    self.init(
      cell: slice.scale.cell, batchTokens: batch, loss: .exp(site.logFloor),
      deviation: site.floorDeviation, logRate: site.logOptimum,
      rateDeviation: site.standardError, edge: slice.edge, isPredicted: false)
  }
}

extension LearningRateLaw {
  /// The floors of all slices that have one, by ascending scale and batch size.
  ///
  /// - Throws: `.noBatchTokens`, or `.oldLaw` for a law file without errors of floors.
  func batchFloors() throws(BatchError) -> [BatchFloor] {
    guard let tried = ranges.batchTokens else { throw .noBatchTokens }
    guard tried.lower < tried.upper else { throw .oneBatch(tried.lower) }
    var floors: [BatchFloor] = []
    for cell in cells {
      for slice in cell.slices {
        guard let batch = slice.batchTokens, let loss = slice.minimumLoss,
          let optimum = slice.optimum
        else { continue }
        guard let deviation = slice.minimumLossDeviation else { throw .oldLaw }
        floors.append(
          BatchFloor(
            cell: cell.scale, batchTokens: batch, loss: loss, deviation: deviation,
            logRate: .log(optimum.value),
            rateDeviation: .log(optimum.upper / optimum.value)
              / normalQuantile((1 + optimum.confidence) / 2), edge: slice.edge,
            isPredicted: !slice.predicted.contains(false)))
      }
    }
    return floors.filter { !$0.isPredicted }
  }
}

extension RandomPurpose {
  static let batches: UInt64 = 40
}
