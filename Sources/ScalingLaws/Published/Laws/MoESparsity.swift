/// Scaling across the sparsity of mixtures, under Muon.
extension PublishedLaw {
  static let moeSparsity: PublishedLaw = {
    var law = PublishedLaw(
      "moe-sparsity", "MoE sparsity",
      PublishedSource(authors: "Ant Ling", year: 2026, reference: "arXiv 2609.08690"), .paper)
    law.learningRate = .power(
      PublishedPower(0.8343, [.init(.compute, -0.1385), .init(.activeShare, 0.1361)]))
    law.batchTokens = .power(
      PublishedPower(6.4765, [.init(.tokens, 0.5181), .init(.activeShare, -0.0841)]))
    law.params = .activeNonEmbedding
    law.compute = "non-embedding FLOPs per token, forward and backward, times D"
    law.optimizer = .muon
    law.schedule = "warmup-stable-decay: 1 % warmup, final 10 % exponential decay"
    law.parametrization = .standard
    law.modelClass = .mixture
    law.batchAssumption = "its own best batch"
    law.weightDecayAssumption = "0.1, on norms too"
    law.ranges = [
      PublishedRange(.params, 1e7, 3.24e8), PublishedRange(.tokens, 4.6e9, 52.9e9),
      PublishedRange(.compute, 3e17, 1e20), PublishedRange(.activeShare, 1.0 / 32, 1),
    ]
    return law
  }()
}
