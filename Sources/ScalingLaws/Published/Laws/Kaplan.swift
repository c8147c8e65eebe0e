/// Kaplan et al.: a rate that falls with the log of N.
///
/// The batch size of the same paper is left out: its constant is quoted as 2e8 and as 2e18.
extension PublishedLaw {
  static let kaplan: PublishedLaw = {
    var law = PublishedLaw(
      "kaplan", "Kaplan (OpenAI)",
      PublishedSource(authors: "Kaplan et al.", year: 2020, reference: "arXiv 2001.08361"),
      .secondary)
    law.learningRate = .logarithmic(
      PublishedLogarithm(intercept: 0.003239, slope: -0.0001395, quantity: .params))
    law.params = .nonEmbedding
    law.cautions = [
      "it does not depend on tokens, and gives no rate above about 1.2e10 params, where it turns negative"
    ]
    return law
  }()
}
