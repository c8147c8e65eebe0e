/// Step Law: learning rate and batch of 3,700 models under cosine decay to a fixed least rate.
extension PublishedLaw {
  static let stepLaw: PublishedLaw = {
    var law = PublishedLaw(
      "step-law", "Step Law",
      PublishedSource(authors: "Li et al.", year: 2025, reference: "arXiv 2503.04715"), .secondary)
    law.learningRate = .power(
      PublishedPower(1.79, [.init(.params, -0.713), .init(.tokens, 0.307)]))
    law.batchTokens = .power(PublishedPower(0.58, [.init(.tokens, 0.571)]))
    law.params = .nonEmbedding
    law.seesActiveParams = false
    law.optimizer = .adamW
    law.schedule = "2,000 steps of warmup, cosine to a fixed least rate"
    law.parametrization = .standard
    law.modelClass = .dense
    law.batchAssumption = "its own best batch"
    // Those of the public runs; the law was fitted on more cells.
    law.ranges = [
      PublishedRange(.params, 214_663_680, 1_073_741_824), PublishedRange(.tokens, nil, 1e11),
    ]
    law.cautions = [
      "its range here is that of its public runs; it was fitted on more, smaller ones among them",
      "it alone of the laws in tokens rises with them; its schedule, which ends at a fixed rate, is "
        + "suspected, so do not take it for warmup-stable-decay untried",
      "reported to hold for mixtures whose active share of params is 0.09 to 0.58, with all their "
        + "params as N, and not to hold for another mixture of data (code-heavy: half the rate)",
    ]
    return law
  }()
}
