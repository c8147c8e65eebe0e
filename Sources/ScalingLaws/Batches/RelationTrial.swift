import RealModule

/// How well a relation between batch size and tokens foretells batches that it was not fitted on.
package struct RelationTrial: Hashable, Encodable, Sendable {
  /// The root mean square error of the log of tokens over all batches left out.
  package var error: Double
  /// The same over those larger than the one with the fewest tokens among the others.
  package var errorAboveBest: Double?
}

/// McCandlish's relation and the three stages, each predicting batch sizes from the others.
///
/// Those at the ends are not asked for: beyond the others a relation foretells, and here it is to
/// describe.
package struct RelationComparison: Hashable, Encodable, Sendable {
  package var mcCandlish: RelationTrial
  /// McCandlish's relation fitted only to batches no smaller than the one with the fewest tokens.
  package var mcCandlishAboveBest: RelationTrial?
  package var threeStages: RelationTrial
  /// How many pairs of a loss and a batch size were predicted.
  package var predictions: Int
  /// Over how many of them the errors above the best batch are, of all three alike.
  package var predictionsAboveBest: Int

  /// Whether the three stages foretell better.
  package var favoursThreeStages: Bool { threeStages.error < mcCandlish.error }

  /// - Returns: `nil` where too few batches remain when one is left out.
  package init?(_ losses: [EqualLoss], from start: [Double]? = nil) {
    let start = start ?? ThreeStageRelation.fitted(to: losses).free
    var plain = Sums()
    var above = Sums()
    var staged = Sums()
    for batch in Set(losses.flatMap { $0.points.map(\.batchTokens) }).sorted() {
      let rest = losses.map { loss in
        var loss = loss
        loss.points.removeAll { $0.batchTokens == batch }
        return loss
      }
      let fitting = rest.filter { $0.points.count >= EqualLosses.leastBatches - 1 }
      guard !fitting.isEmpty else { continue }
      let stages = ThreeStageRelation.fitted(to: fitting, from: start, tolerance: 0.1).relation
      for (whole, rest) in zip(losses, rest) {
        guard rest.points.count >= EqualLosses.leastBatches - 1,
          let left = whole.points.first(where: { $0.batchTokens == batch }),
          let fewest = rest.fewest, rest.points.contains(where: { $0.batch < left.batch }),
          rest.points.contains(where: { $0.batch > left.batch })
        else { continue }
        // Then the fewest and one larger than the left-out batch remain to be fitted.
        let isAbove = left.batch > fewest.batch
        plain.add(McCandlishRelation(), fittedTo: rest.points, predicting: left, isAbove)
        staged.add(stages, fittedTo: rest.points, predicting: left, isAbove)
        guard isAbove else { continue }
        let upper = rest.points.filter { $0.batch >= fewest.batch }
        above.add(McCandlishRelation(), fittedTo: upper, predicting: left, true)
      }
    }
    guard plain.count > 0 else { return nil }
    predictions = Int(plain.count)
    predictionsAboveBest = Int(above.count)
    mcCandlish = plain.trial
    mcCandlishAboveBest = above.count > 0 ? above.trial : nil
    threeStages = staged.trial
  }

  private struct Sums {
    var count = 0.0
    private var squares = 0.0
    private var countAbove = 0.0
    private var squaresAbove = 0.0

    mutating func add(
      _ relation: some BatchRelation, fittedTo points: [EqualLoss.Point],
      predicting left: EqualLoss.Point, _ isAbove: Bool
    ) {
      let fit = relation.scaled(to: points)
      let error =
        left.tokens - fit.tokens - relation.logTokens(atLogBatch: left.batch - fit.batch)
      count += 1
      squares += error * error
      guard isAbove else { return }
      countAbove += 1
      squaresAbove += error * error
    }

    var trial: RelationTrial {
      RelationTrial(
        error: (squares / count).squareRoot(),
        errorAboveBest: countAbove > 0 ? (squaresAbove / countAbove).squareRoot() : nil)
    }
  }
}
