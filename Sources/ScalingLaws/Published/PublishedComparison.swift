import RealModule
import Runs

/// All published laws at one target, side by side.
package struct PublishedComparison: Sendable {
  /// The least and the greatest of some laws' rates.
  package struct Spread: Hashable, Sendable {
    package var lower: Double
    package var upper: Double
    /// The names of the laws, in the order in which they are shown.
    package var laws: [String]

    package var ratio: Double { upper / lower }

    init?(_ answers: [PublishedAnswer], _ rate: (PublishedAnswer) -> Double?) {
      let rated = answers.compactMap { answer in rate(answer).map { (answer.law.name, $0) } }
      guard let lower = rated.map(\.1).min(), let upper = rated.map(\.1).max() else { return nil }
      self.lower = lower
      self.upper = upper
      laws = rated.map(\.0)
    }
  }

  package let target: PublishedTarget
  package let anchors: [PublishedAnchor]
  /// The share of the intervals that several anchors give.
  package let confidence: Double
  package let answers: [PublishedAnswer]
  /// Of all rates for the optimizer asked for, as published.
  package let all: Spread?
  /// Of those of laws made for such a model and inside their ranges.
  package let inside: Spread?
  /// Of all rates for the optimizer, with each law's scale fitted to the anchors.
  package let anchored: Spread?

  package init(
    _ target: PublishedTarget, anchors: [PublishedAnchor] = [],
    confidence: Double = FitOptions().confidence
  ) {
    self.target = target
    self.anchors = anchors
    self.confidence = confidence
    answers = PublishedLaw.all.map {
      PublishedAnswer($0, for: target, anchors: anchors, confidence: confidence)
    }
    let comparable = answers.filter(\.isComparable)
    all = Spread(comparable, \.learningRate)
    inside = Spread(comparable.filter { $0.status == .inside && $0.suits(target) }, \.learningRate)
    anchored = Spread(comparable, \.anchored?.value)
  }

  /// What none of the laws knows of the run.
  package var warnings: [FitWarning] {
    let params = target.model.total?.value ?? 0
    return target.circumstances.warnings(
      at: RunScale(params: params, tokens: target.tokens), lawIsAnnealed: true)
  }

  /// What to make of it all, in one sentence.
  package var advice: String {
    let sweep =
      "sweep the learning rate on models ten to thirty times smaller, fit them with vernier fit, and ask "
      + "vernier recommend --law"
    if let anchored, anchored.laws.count == 1 {
      return
        "Only one published law for \(target.optimizer.words) goes through your "
        + "anchor\(anchors.count == 1 ? "" : "s"), so nothing says how far to trust it: \(sweep)."
    }
    if let anchored {
      return
        "Fitted to your anchor\(anchors.count == 1 ? "" : "s"), the laws still differ by a factor "
        + "\(Self.factor(anchored.ratio)), as they disagree on how the rate changes with scale: anchors nearer to "
        + "the target, or a small sweep, settle it (\(sweep))."
    }
    guard let all else {
      return "No published law gives a rate for \(target.optimizer.words) here: \(sweep)."
    }
    let disagree =
      all.laws.count == 1
      ? "Only one published law gives a rate here"
      : "The published laws disagree by a factor \(Self.factor(all.ratio)) here"
    return "\(disagree), and a law does not carry over from one recipe to another: take "
      + "\(Quantity.learningRate(all.lower)) to \(Quantity.learningRate(all.upper)) as where to look, "
      + "not as the answer; \(sweep)."
  }

  /// A ratio in a sentence.
  package static func factor(_ ratio: Double) -> String {
    Quantity.format(ratio.rounded(significant: 2))
  }
}
