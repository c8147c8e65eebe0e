/// Marin: the rate of matrices under AdamH, around a run of 130M params.
extension PublishedLaw {
  static let marin: PublishedLaw = {
    var law = PublishedLaw(
      "marin", "Marin AdamH",
      PublishedSource(authors: "Marin", reference: "Marin AdamH recipe"), .code)
    // Its batch counts sequences of 4,096 tokens; here it is that many tokens.
    var rate = PublishedPower(
      0.00630, [.init(.batchTokens, 0.5, unit: 64 * 4096), .init(.tokens, -0.3, unit: 2.5e9)])
    rate.greatest = 0.01
    law.learningRate = .power(rate)
    law.params = .none
    law.optimizer = .adamH
    law.schedule = "10 % warmup, linear to zero"
    law.modelClass = .dense
    law.batchAssumption = "the batch asked for, in sequences of 4,096 tokens"
    law.cautions = ["it is of linear weights alone; embeddings and norms have a rate of their own"]
    return law
  }()
}
