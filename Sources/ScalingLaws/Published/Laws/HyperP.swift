/// HyperP: depth, batch and horizon under MuonH.
extension PublishedLaw {
  static let hyperP: PublishedLaw = {
    var law = PublishedLaw(
      "hyperp", "HyperP",
      PublishedSource(
        authors: "ArchScale", year: 2026, reference: "arXiv 2603.28743",
        place: "its training script"),
      .code)
    law.learningRate = .power(
      PublishedPower(
        6e-4,
        [
          .init(.batchTokens, 0.5, unit: 2_097_152), .init(.layers, -0.5, unit: 8),
          .init(.tokens, -0.32, unit: 9.5e9),
        ]))
    law.params = .none
    law.optimizer = .muonH
    law.parametrization = .mup
    law.schedule = "no warmup, to zero"
    law.batchAssumption = "the batch asked for"
    law.weightDecayAssumption = "none"
    law.cautions = [
      "its base rate is a default of its program; width is taken to grow with depth"
    ]
    return law
  }()
}
