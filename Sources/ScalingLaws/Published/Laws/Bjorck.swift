/// Bjorck et al.: how the rate falls with the horizon, and with size.
extension PublishedLaw {
  static let bjorck: PublishedLaw = {
    var law = PublishedLaw(
      "bjorck", "Bjorck et al.",
      PublishedSource(authors: "Bjorck et al.", year: 2024, reference: "arXiv 2409.19913"),
      .secondary)
    law.learningRate = .power(
      PublishedPower(
        1.55e-3, [.init(.params, -0.23, unit: 1e9), .init(.tokens, -0.32, unit: 1e9)]))
    law.batchAssumption = "0.5M tokens"
    law.ranges = [
      PublishedRange(.params, 5e7, 2.7e9), PublishedRange(.tokens, nil, 8e11),
    ]
    law.cautions = ["its exponent of tokens, -0.32, is for 760M params and more"]
    return law
  }()
}
