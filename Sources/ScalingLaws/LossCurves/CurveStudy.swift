/// Everything that is found out about a set of loss curves.
package struct CurveStudy: Sendable {
  package let fit: LossCurveFit
  /// The fitted curves as the law has them.
  package let fitted: [PredictedCurve]
  /// The others.
  package let predicted: [PredictedCurve]
  /// `nil` where no length was asked about.
  package let advice: ScheduleAdvice?
  package let warnings: [FitWarning]

  /// - Parameters:
  ///   - curves: To fit.
  ///   - others: To predict; those with losses are judged.
  ///   - options: How to fit.
  ///   - steps: The length of a run to advise on.
  ///   - floor: What its decay ends at, over the peak.
  ///   - progress: Called with the share done.
  /// - Throws: When the curves do not determine the law.
  package init(
    fitting curves: [LossCurve], predicting others: [LossCurve] = [],
    options: LossCurveFit.Options = LossCurveFit.Options(), steps: Int? = nil,
    floor: Double? = nil, progress: (Double) -> Void = { _ in }
  ) throws(LossCurveError) {
    let fit = try LossCurveFit(fitting: curves, options: options, progress: progress)
    self.fit = fit
    fitted = fit.curves.map { PredictedCurve(fit, $0) }
    var predicted: [PredictedCurve] = []
    for other in others {
      let paced = PacedCurve(other, warmupSteps: fit.warmupSteps)
      if paced.judged.count >= LossCurveFit.leastPoints, let loss = paced.constantLoss {
        throw .constantLoss(other.name, loss)
      }
      let curve = PredictedCurve(fit, paced)
      guard curve.finalLoss.isFinite, curve.score?.isFinite ?? true else {
        throw .noPrediction(other.name)
      }
      predicted.append(curve)
    }
    self.predicted = predicted
    var advice: ScheduleAdvice?
    if let steps {
      advice = try ScheduleAdvice(
        fit, steps: steps, floor: floor, misses: Self.misses(fit, predicted))
    }
    self.advice = advice
    warnings =
      fit.warnings + others.flatMap { fit.warnings(for: $0) } + (advice?.warnings ?? [])
  }

  /// How far the final losses of decaying curves that were not fitted are missed, over the loss:
  /// those of the others where there are any, else of the fitted ones left out in turn.
  private static func misses(_ fit: LossCurveFit, _ predicted: [PredictedCurve]) -> [Double] {
    let held = predicted.filter(\.paced.curve.decays).compactMap(\.score)
    let left = fit.leftOut.filter { name, _ in
      fit.curves.contains { $0.curve.name == name && $0.curve.decays }
    }.map(\.score)
    return (held.isEmpty ? left : held).map { $0.finalError / $0.finalLoss }
  }

  /// The mean accuracy on the curves that were not fitted.
  package var heldOutAccuracy: CurveAccuracy? {
    .mean(of: predicted.compactMap(\.score?.accuracy))
  }
}

/// A curve with the losses that a law gives it.
package struct PredictedCurve: Sendable {
  package let paced: PacedCurve
  /// The law's loss at each of the curve's points; not a number where no step has been made.
  package let losses: [Double]
  /// The last of `losses`, with what a run measured once would scatter.
  package let finalLoss: Estimate
  /// `nil` of a curve without losses that differ after its warm-up.
  package let score: CurveScore?

  init(_ fit: LossCurveFit, _ paced: PacedCurve) {
    let all = fit.law.losses(along: paced.path)
    self.paced = paced
    losses = paced.knots.map { all[$0] }
    let isPlanned = paced.judged.isEmpty || paced.constantLoss != nil
    score = isPlanned ? nil : CurveScore(of: fit.law, on: paced)
    finalLoss = fit.estimate(ofFinalLossOf: paced.path)
  }
}
