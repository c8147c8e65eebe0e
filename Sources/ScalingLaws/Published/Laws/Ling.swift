/// Ling: learning rate and batch of mixtures as powers of compute.
extension PublishedLaw {
  static let ling: PublishedLaw = {
    var law = PublishedLaw(
      "ling", "Ling MoE",
      PublishedSource(
        authors: "Ling team", year: 2025, reference: "arXiv 2507.17702", place: "eq. 3"), .paper)
    law.learningRate = .power(PublishedPower(1.1576, [.init(.compute, -0.1529)]))
    law.batchTokens = .power(PublishedPower(0.0694, [.init(.compute, 0.3644)]))
    law.params = .none
    law.compute = "not stated; taken as DeepSeek's, non-embedding FLOPs per token times D"
    law.modelClass = .mixture
    law.batchAssumption = "its own best batch"
    return law
  }()
}
