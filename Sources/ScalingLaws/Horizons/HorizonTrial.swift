import RealModule

/// The law of each size fitted without the longest horizon of every trunk, which it then predicts.
struct HorizonTrial: Sendable {
  /// Its intervals are as the law claims them by itself, before the misfit widens any.
  ///
  /// `nil` when there is nothing to predict.
  let test: HorizonTest?
  /// How far off the law is one horizon ahead: the root mean square over sizes of its mean error
  /// over its mean decline along the trunks.
  ///
  /// A bend that the law does not have makes all trunks of a size miss to one side. What noise alone would do is in it too: few sizes cannot tell one
  /// from the other, and a bend that noise hides here shows further ahead.
  let misfit: Double
  /// By how much trunks of a size are off differently, beyond what the law claims, over the decline.
  ///
  /// The optimum moves with the horizon, so that losses at too high a rate fall ever slower and bend
  /// more than the others. Trunks are many, so that what noise does can be taken off.
  let tilt: Double

  /// - Parameters:
  ///   - sizes: The usable trunks of each size. Those of exactly as many horizons as the law asks for
  ///     take part with one fewer: γ, which trunks share, makes up for it.
  ///   - confidence: That of the intervals.
  init(_ sizes: [[HorizonTrunk]], confidence: Double) {
    let misses = sizes.map { Self.misses(of: $0, confidence: confidence) }.filter { !$0.isEmpty }
    let cells = misses.joined().map(\.cell)
    test = cells.isEmpty ? nil : HorizonTest(cells: cells)
    let errors = misses.map { misses -> Double in
      // Trunks that fall far count for more: the error of one that hardly falls is mostly noise.
      let near = Self.nearBest(misses)
      let weights = near.map { $0.decline * $0.decline }
      let total = weights.reduce(0, +)
      return total > 0 ? zip(weights, near).reduce(0) { $0 + $1.0 * $1.1.error } / total : 0
    }
    misfit = (errors.reduce(0) { $0 + $1 * $1 } / Double(max(errors.count, 1))).squareRoot()
    let squares = misses.flatMap { misses -> [Double] in
      let near = Self.nearBest(misses)
      guard near.count > 1 else { return [] }
      let mean = near.reduce(0) { $0 + $1.error } / Double(near.count)
      let freedom = Double(near.count - 1) / Double(near.count)
      return near.map { ($0.error - mean) * ($0.error - mean) / freedom - $0.ownVariance }
    }
    tilt = max(0, squares.reduce(0, +) / Double(max(squares.count, 1))).squareRoot()
  }

  /// Those whose loss is not so high that the law of learning rates leaves it out.
  private static func nearBest(_ misses: [Miss]) -> [Miss] {
    let least = misses.map(\.cell.measured).min() ?? 0
    return misses.filter { $0.cell.measured <= least * (1 + SliceEvidence.widestExcess) }
  }

  private struct Miss {
    var cell: HorizonTest.Cell
    /// How far the curve falls along the trunk, in log loss.
    var decline: Double
    /// Over the decline along the trunk.
    var error: Double
    /// The variance that the law claims for this trunk alone, over the squared decline.
    var ownVariance: Double
  }

  private static func misses(of trunks: [HorizonTrunk], confidence: Double) -> [Miss] {
    let tested = trunks.filter {
      $0.withoutLongest.isUsable(leastHorizons: HorizonTrunk.leastHorizons - 1)
    }
    guard !tested.isEmpty, let fit = HorizonFit(tested.map(\.withoutLongest)) else { return [] }
    return tested.enumerated().flatMap { index, trunk in
      let longest = trunk.points.last?.tokens
      return trunk.points.filter { $0.tokens == longest }.map { point in
        let prediction = fit.prediction(ofTrunk: index, at: point.tokens, misfit: 0, tilt: 0)
        let decline = fit.middle.curves[index].decline
        return Miss(
          cell: HorizonTest.Cell(
            params: trunk.params, learningRate: trunk.learningRate, tokens: point.tokens,
            measured: point.loss,
            predicted: fit.loss(prediction, at: point.tokens, confidence: confidence).loss),
          decline: decline, error: (point.loss - prediction.loss) / decline,
          ownVariance: (prediction.curveVariance + prediction.noiseVariance) / (decline * decline))
      }
    }
  }
}
