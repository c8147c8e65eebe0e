import RealModule

/// Optimal norm: the rate at a given batch and horizon, under Scion.
extension PublishedLaw {
  static let optimalNorm: PublishedLaw = {
    var law = PublishedLaw(
      "optimal-norm", "Optimal norm",
      PublishedSource(
        authors: "Filatov et al.", year: 2025, reference: "arXiv 2510.03871",
        place: "joint fit of rate, batch and tokens"), .paper)
    law.learningRate = .power(
      PublishedPower(
        .exp2(9.8), [.init(.batchTokens, 0.62, unit: 4096), .init(.tokens, -0.56)]))
    law.batchTokens = .power(PublishedPower(nil, [.init(.tokens, 0.45)]))
    law.params = .none
    law.optimizer = .scion
    law.schedule = "constant, no warmup"
    law.modelClass = .dense
    law.batchAssumption = "the batch asked for, in sequences of 4,096 tokens"
    law.weightDecayAssumption = "none"
    law.ranges = [
      PublishedRange(.params, 6.9e7, 1.3e9),
      PublishedRange(.tokens, 2_147_483_648, 137_438_953_472),
    ]
    law.cautions = ["the standard error of its constant is a factor of 3"]
    return law
  }()
}
