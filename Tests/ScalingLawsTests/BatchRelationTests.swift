import Numerics
import ScalingLaws
import Testing

@Suite struct BatchRelationTests {
  private let batches = [64, 128, 256, 512, 1024, 2048, 4096].map { 1024.0 * $0 }

  /// Losses whose tokens follow `relation`, each with scales of its own.
  private func losses(_ relation: some BatchRelation, best: Double) -> [EqualLoss] {
    (0..<5).map { place in
      let scale = Double.log(best) + 0.3 * Double(place)
      return EqualLoss(
        params: 1e8, loss: 3 - 0.1 * Double(place),
        points: batches.map {
          EqualLoss.Point(
            batchTokens: $0,
            tokens: 22 + Double(place) + relation.logTokens(atLogBatch: .log($0) - scale))
        })
    }
  }

  @Test("McCandlish's relation gives back its critical batch and least tokens")
  func mcCandlish() {
    let relation = McCandlishRelation()
    let loss = losses(relation, best: 1e6)[0]
    let fit = relation.scaled(to: loss.points)
    #expect(Double.exp(fit.batch).isApproximatelyEqual(to: 1e6, relativeTolerance: 0.01))
    #expect(fit.tokens.isApproximatelyEqual(to: 22, absoluteTolerance: 0.01))
    // Twice the tokens at the critical batch, and (D/D_min - 1)(S/S_min - 1) = 1 elsewhere.
    #expect(relation.logTokens(atLogBatch: 0).isApproximatelyEqual(to: .log(2)))
    let tokens = Double.exp(relation.logTokens(atLogBatch: .log(3)))
    #expect(((tokens - 1) * (tokens / 3 - 1)).isApproximatelyEqual(to: 1))
  }

  @Test("the three stages meet without a step or a kink, and are least at the best batch")
  func smoothness() {
    let relation = ThreeStageRelation([0.3, -0.5, 0.8, 0.4])
    #expect(relation.tokens(atBatch: 1).isApproximatelyEqual(to: 1, absoluteTolerance: 1e-3))
    let places = (0...400).map { -0.3 + 2.5 * Double($0) / 400 }
    let heights = places.map { relation.logTokens(atLogBatch: $0) }
    let slopes = zip(heights, heights.dropFirst()).map { ($1 - $0) / 0.00625 }
    #expect((heights.min() ?? 0) > -1e-3)
    for (one, next) in zip(slopes, slopes.dropFirst()) { #expect(abs(next - one) < 0.4) }
    // Far above, steps are least and tokens grow as the batch.
    #expect((slopes.last ?? 0) > 0.7)
    #expect(relation.smallestBatch > 0 && relation.smallestBatch < 1)
  }

  @Test("the relation that made the tokens foretells left-out batches better")
  func comparison() throws {
    let plain = try #require(RelationComparison(losses(McCandlishRelation(), best: 1e6)))
    #expect(!plain.favoursThreeStages)
    #expect(plain.mcCandlish.error < 0.01)
    // The smallest batch takes the fewest tokens and is never left out.
    #expect(plain.predictionsAboveBest == plain.predictions)
    #expect(plain.mcCandlishAboveBest?.error == plain.mcCandlish.error)
    let staged = try #require(
      RelationComparison(losses(ThreeStageRelation([0.3, -0.5, 0.8, 0.4]), best: 2.5e5)))
    #expect(staged.favoursThreeStages)
    #expect(staged.threeStages.error < 0.05)
    #expect(staged.mcCandlish.error > 0.1)
    // Best batches of 250k to 830k lie inside the batches, so part of each loss lies above.
    #expect((1..<staged.predictions).contains(staged.predictionsAboveBest))
    #expect(staged.mcCandlishAboveBest?.error == staged.mcCandlishAboveBest?.errorAboveBest)
  }

  @Test("the best batch of each loss comes back from the shape that all share")
  func sharedShape() {
    let truth = losses(ThreeStageRelation([0.3, -0.5, 0.8, 0.4]), best: 2.5e5)
    let relation = ThreeStageRelation.fitted(to: truth).relation
    for (place, loss) in truth.enumerated() {
      let best = Double.exp(relation.scaled(to: loss.points).batch)
      #expect(
        best.isApproximatelyEqual(
          to: 2.5e5 * .exp(0.3 * Double(place)), relativeTolerance: 0.15))
    }
  }
}
