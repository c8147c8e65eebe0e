/// Porian et al.: rate and batch of compute-optimal runs.
extension PublishedLaw {
  static let porian: PublishedLaw = {
    var law = PublishedLaw(
      "porian", "Porian et al.",
      PublishedSource(authors: "Porian et al.", year: 2024, reference: "arXiv 2406.19146"),
      .secondary)
    law.learningRate = .power(PublishedPower(3.7, [.init(.params, -0.36)]))
    law.batchTokens = .power(PublishedPower(0.7576, [.init(.params, 0.703)]))
    law.params = .withHead
    law.optimizer = .adamW
    law.batchAssumption = "its own best batch, in sequences of 2,048 tokens"
    law.ranges = [PublishedRange(.params, 2.5e7, 1.1e8)]
    law.cautions = ["fitted at compute-optimal horizons; it does not depend on tokens"]
    return law
  }()
}
