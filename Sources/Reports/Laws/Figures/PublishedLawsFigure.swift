import RealModule
import Runs
import ScalingLaws

extension Report {
  /// Published laws beside this one; `nil` for a law of effective rates, which they do not give.
  var publishedFigure: Figure? {
    guard law.rateKind == .peak else { return nil }
    let comparison = PublishedComparison(publishedTarget)
    let places = OrderedScale.places(
      from: min(target.tokens / 100, shortestHorizon), to: target.tokens * 10, count: 33)
    // A place that hits a horizon of the runs would show its cells' own offset as a dent.
    let estimates = places.map { place in
      var scale = target
      scale.tokens = place.nextUp
      return answeringLaw.estimate(
        at: scale, measured: true, confidence: recommendation.confidence)
    }
    return PublishedFigure(
      comparison: comparison,
      fitted: PublishedFigure.Fitted(
        places: places, rates: estimates, atTarget: prediction.optimum)
    ).figure
  }

  private var shortestHorizon: Double { locatedCells.map(\.tokens).min() ?? target.tokens }

  /// The target as published laws see it.
  private var publishedTarget: PublishedTarget {
    let isMixture = target.activeShare.map { $0 < 1 } ?? false
    let kind: ParameterCountKind = law.paramsKind == .active && !isMixture ? .total : law.paramsKind
    let ofExperts = law.activeShareKind == .experts
    let share = isMixture ? target.activeShare : nil
    var result = PublishedTarget(
      TargetModel(
        params: target.params, kind: kind,
        activeParams: ofExperts ? nil : share.map { $0 * target.params },
        activeShare: ofExperts ? share : nil), tokens: target.tokens)
    result.batchTokens = recommendation.batchTokens
    let optimizer = law.recipe.optimizer.flatMap { PublishedOptimizer(rawValue: $0.lowercased()) }
    result.optimizer = optimizer ?? result.optimizer
    return result
  }
}
