/// DeepSeek LLM: learning rate and batch as powers of compute.
extension PublishedLaw {
  static let deepSeek: PublishedLaw = {
    var law = PublishedLaw(
      "deepseek", "DeepSeek",
      PublishedSource(
        authors: "DeepSeek-AI", year: 2024, reference: "arXiv 2401.02954", place: "section 3.1"),
      .secondary)
    law.learningRate = .power(PublishedPower(0.3118, [.init(.compute, -0.1250)]))
    law.batchTokens = .power(PublishedPower(0.2920, [.init(.compute, 0.3271)]))
    law.params = .none
    law.compute = "non-embedding FLOPs per token, attention included, times D"
    law.optimizer = .adamW
    law.schedule = "2,000 steps of warmup; 100 % to 80 % of tokens, 31.6 % to 90 %, then 10 %"
    law.modelClass = .dense
    law.batchAssumption = "its own best batch"
    return law
  }()
}
