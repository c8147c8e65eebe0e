import RealModule

/// The batch size with the least loss in one cell, each batch at its own best learning rate.
package struct BestBatch: Hashable, Encodable, Sendable {
  package enum Status: String, CaseIterable, Encodable, Sendable {
    case located
    /// The least loss is at the smallest or largest batch tried.
    case edge
    /// The least loss is at a batch whose best learning rate was not bracketed.
    case rateAtEdge = "rate_at_edge"
    case tooFewBatches = "too_few_batches"
  }

  package var params: Double
  package var tokens: Double
  package var activeShare: Double?
  package var status: Status
  /// How many batch sizes have three learning rates or more.
  package var batches: Int
  /// How many of them have their best learning rate at an end of those tried.
  package var batchesAtRateEdge: Int
  /// Tokens in a step; `nil` where it is not located.
  package var batchTokens: Estimate?
  /// The least loss over batch sizes, by the fitted basin.
  package var loss: Double?

  var scale: RunScale { RunScale(params: params, tokens: tokens, activeShare: activeShare) }
}

/// The best batch size of each cell, by the basin that loss has over the log of batch size.
///
/// Loss off the best batch rises like loss off the best learning rate: one falling and one rising
/// power. So the code that locates learning rates locates batches, from floors instead of losses.
struct BestBatches {
  let cells: [BestBatch]
  /// The basin over the log of batch size; `nil` where no cell has three batch sizes.
  let basin: BasinModel?
  /// The best batches that a law may rest on.
  let observations: [LawObservation]

  init(_ floors: [BatchFloor], confidence: Double) throws(BatchError) {
    let byCell = Dictionary(grouping: floors, by: \.cell).sorted { $0.key < $1.key }
    guard byCell.contains(where: { $0.value.count > 1 }) else { throw .oneBatchInEachCell }
    let slices = byCell.map { cell, floors in
      SweepSlice(
        scale: cell,
        points: floors.sorted { $0.batchTokens < $1.batchTokens }.enumerated().map { place, floor in
          SweepPoint(
            learningRate: floor.batchTokens, loss: floor.loss,
            lossStandardError: floor.deviation * floor.loss, diverged: false, trunk: place,
            branch: 0)
        })
    }
    guard let fits = try? BasinFits(LearningRateSweep([]).with(slices: slices)) else {
      basin = nil
      observations = []
      cells = byCell.map { BestBatch($0.key, $0.value, nil, edge: nil, confidence: confidence) }
      return
    }
    basin = fits.model
    var cells: [BestBatch] = []
    var observations: [LawObservation] = []
    for (index, (cell, floors)) in byCell.enumerated() {
      let site = fits.sites[index]
      let best = BestBatch(
        cell, floors, site, edge: fits.sweep.slices[index].edge, confidence: confidence)
      cells.append(best)
      guard best.status == .located, let site else { continue }
      observations.append(
        LawObservation(scale: cell, value: site.logOptimum, standardError: site.standardError))
    }
    self.cells = cells
    self.observations = observations
  }
}

extension BestBatch {
  fileprivate init(
    _ cell: RunScale, _ floors: [BatchFloor], _ site: OptimumSite?, edge: SweepEdge?,
    confidence: Double
  ) {
    params = cell.params
    tokens = cell.tokens
    activeShare = cell.activeShare
    batches = floors.count
    batchesAtRateEdge = floors.count { $0.edge != nil }
    let least = floors.min { $0.loss < $1.loss }
    guard let site else {
      status = .tooFewBatches
      return
    }
    guard edge == nil else {
      status = .edge
      return
    }
    guard least?.edge == nil else {
      status = .rateAtEdge
      return
    }
    status = .located
    batchTokens = site.estimate(confidence: confidence)
    loss = .exp(site.logFloor)
  }
}
