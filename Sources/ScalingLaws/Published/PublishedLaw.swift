/// A law or recipe for learning rate, batch size or weight decay, as its authors published it.
///
/// It is data alone: what is not known of it says so, and what nobody could verify is not here.
package struct PublishedLaw: Hashable, Sendable {
  /// What programs and options call it.
  package var id: String
  package var name: String
  package var source: PublishedSource
  package var verification: PublishedVerification

  /// The peak learning rate.
  package var learningRate: PublishedForm?
  /// The batch size that belongs to it, in tokens a step.
  package var batchTokens: PublishedForm?
  /// The timescale of weight decay as a share of the run, B / (learning rate * weight decay * D).
  package var timescale: PublishedForm?
  /// Weight decay itself.
  package var weightDecay: PublishedForm?

  package var params = PublishedParams.notStated
  /// Whether a law of dense models should see a mixture's active parameters, or all of them.
  package var seesActiveParams = true
  /// What C is, in words; `nil` where the law does not depend on it.
  package var compute: String?
  package var optimizer = PublishedOptimizer.notStated
  package var schedule = PublishedLaw.notStated
  package var parametrization = PublishedParametrization.notStated
  package var modelClass = PublishedModelClass.notStated
  /// The batch that the learning rate is for, in words.
  package var batchAssumption = PublishedLaw.notStated
  package var weightDecayAssumption = PublishedLaw.notStated
  /// Where it was fitted; empty where that is not stated.
  package var ranges: [PublishedRange] = []
  /// What a reader should know besides.
  package var cautions: [String] = []

  /// What stands for anything that the sources read do not say.
  package static let notStated = "not stated"

  package init(
    _ id: String, _ name: String, _ source: PublishedSource, _ verification: PublishedVerification
  ) {
    self.id = id
    self.name = name
    self.source = source
    self.verification = verification
  }

  /// All it gives, each under its name.
  package var forms: [(name: String, form: PublishedForm)] {
    [
      ("learning rate", learningRate), ("batch", batchTokens), ("timescale", timescale),
      ("weight decay", weightDecay),
    ].compactMap { name, form in form.map { (name, $0) } }
  }

  /// Whether its rate is one for `optimizer`; one that is not stated is taken for AdamW.
  func counts(for optimizer: PublishedOptimizer) -> Bool {
    self.optimizer == optimizer || (self.optimizer == .notStated && optimizer == .adamW)
  }

  /// Whether it gives nothing but ratios, so that it answers around an anchor only.
  package var needsAnchor: Bool { forms.allSatisfy(\.form.isRatio) }
}
