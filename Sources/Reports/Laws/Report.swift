import RealModule
import Runs
package import ScalingLaws

/// A law and its answer at one target, ready to be shown.
package struct Report: Sendable {
  package let law: LearningRateLaw
  package let target: RunScale
  /// Whether nobody gave the target, so that it was chosen for the reader to see the law at work.
  package let targetIsAssumed: Bool
  package let recommendation: Recommendation
  /// The program and version that made the report.
  package let program: String
  let prediction: RatePrediction

  /// - Parameters:
  ///   - law: The law.
  ///   - target: The run to recommend for; without one, the law's `exampleTarget`.
  ///   - confidence: The share of the target's interval.
  ///   - program: The name and version of the program that makes the report.
  package init(_ law: LearningRateLaw, target: RunScale?, confidence: Double, program: String) {
    self.law = law
    self.target = target ?? law.exampleTarget
    targetIsAssumed = target == nil
    self.program = program
    recommendation = Recommendation(law, at: self.target, confidence: confidence)
    prediction = law.predict(at: self.target, confidence: confidence)
  }

  /// The law that answers at the target.
  var answeringLaw: ScaleLaw { law.answering(at: target) }

  /// The target in words, such as `7B params on 1T tokens`.
  package var targetWords: String {
    "\(Quantity.format(target.params)) params on \(Quantity.format(target.tokens)) tokens"
  }

  /// The cells whose optimum the law is fitted on.
  var locatedCells: [CellFit] { law.cells.filter { $0.optimum != nil } }

  /// In the order of the page.
  package var figures: [Figure] {
    [basinPanels, rateAgainstScale, penaltyFigure]
      + [holdOutFigure, formFigure, batchFigure, publishedFigure].compactMap(\.self)
  }
}

extension LearningRateLaw {
  /// A target for those who name none: ten times the compute of the largest run, evenly along
  /// params and tokens.
  package var exampleTarget: RunScale {
    let largest = cells.map(\.scale).max() ?? RunScale(params: 1, tokens: 1)
    let factor = 10.0.squareRoot()
    return RunScale(
      params: largest.params * factor, tokens: largest.tokens * factor,
      activeShare: largest.activeShare)
  }
}
