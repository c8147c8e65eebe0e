/// What not knowing the targets comes from.
extension PlanDesign {
  typealias Parts = (params: Double, tokens: Double, optimum: Double, batch: Double)

  /// The variance of the targets' log optima that each part of the model accounts for alone.
  var parts: Parts {
    func sum(_ indices: Set<Int>) -> Double {
      targetRows.reduce(0) { total, found in
        var part = SparseRow()
        for (index, value) in zip(found.row.indices, found.row.values) where indices.contains(index)
        {
          part.add(value, at: index)
        }
        return total + variance(of: part)
      }
    }
    let batch = [SurfaceCoefficient.batch, .batchParams, .batchTokens].map(\.rawValue)
    let width = batch.reduce(0) { total, index in
      total + covariance[index * surface.layout.count + index]
    }
    return (
      sum([SurfaceCoefficient.optimumParams.rawValue]),
      sum([SurfaceCoefficient.optimumTokens.rawValue]),
      sum([SurfaceCoefficient.optimum.rawValue]), width
    )
  }

  static func reason(
    from before: Parts, to after: Parts, isNewCell: Bool
  ) -> RunPlan.Reason {
    let falls: [(RunPlan.Reason, Double)] = [
      (.params, before.params - after.params), (.tokens, before.tokens - after.tokens),
      (.optimum, before.optimum - after.optimum),
    ]
    let most = falls.max { $0.1 < $1.1 } ?? (.optimum, 0)
    let whole = before.params + before.tokens + before.optimum
    if most.1 > leastUse * whole { return most.0 }
    if isNewCell { return .deviation }
    return before.batch - after.batch > leastUse * before.batch ? .batch : .shape
  }
}
