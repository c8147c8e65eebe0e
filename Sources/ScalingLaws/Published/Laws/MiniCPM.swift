/// MiniCPM: batch from the loss that is to be reached, and one rate under its muP.
extension PublishedLaw {
  static let miniCPM: PublishedLaw = {
    var law = PublishedLaw(
      "minicpm", "MiniCPM",
      PublishedSource(authors: "Hu et al.", year: 2024, reference: "arXiv 2404.06395"),
      .secondary)
    law.learningRate = .power(PublishedPower(0.01, []))
    law.batchTokens = .power(PublishedPower(1.21e9, [.init(.loss, -6.24)]))
    law.parametrization = .mup
    law.schedule = "warmup-stable-decay"
    law.batchAssumption = "its own best batch, fitted on models of 9M, 30M and 170M"
    // Where the rate was found stable; the batch was fitted on smaller models.
    law.ranges = [PublishedRange(.params, 4e7, 2.1e9)]
    law.cautions = ["the loss is that on C4, in nats per token"]
    return law
  }()
}
