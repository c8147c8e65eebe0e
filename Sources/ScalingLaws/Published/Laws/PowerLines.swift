/// Power Lines: the timescale of weight decay, and how the best batch grows with tokens.
///
/// The constants of its fits are left out as nobody could verify them. The exponent of the timescale
/// is kept with its percentiles and anchored at the timescale reported at 20 tokens a parameter; of
/// the batch the exponent alone is kept.
extension PublishedLaw {
  /// The power of tokens a parameter with which the best timescale falls: the middle of the
  /// percentiles.
  static let powerLinesTimescaleExponent = -0.52

  static let powerLines: PublishedLaw = {
    var law = PublishedLaw(
      "power-lines", "Power Lines",
      PublishedSource(authors: "Bergsma et al.", year: 2025, reference: "arXiv 2505.13738"),
      .secondary)
    law.timescale = .power(
      PublishedPower(
        0.21,
        [
          .init(
            .tokensPerParam, PublishedLaw.powerLinesTimescaleExponent, unit: 20,
            exponents: -0.529 ... -0.507)
        ]))
    law.batchTokens = .power(PublishedPower(nil, [.init(.tokens, 0.383)]))
    law.optimizer = .adamW
    law.schedule = "10 % warmup, linear to zero"
    law.parametrization = .mup
    law.modelClass = .dense
    law.batchAssumption = "any below the critical batch"
    law.weightDecayAssumption = "its subject: decay = B / (timescale * learning rate * D)"
    law.ranges = [
      PublishedRange(.params, 1.11e8, 3.3e9), PublishedRange(.tokensPerParam, 20, 1280),
    ]
    law.cautions = ["with the batch it scales weight decay and not the learning rate"]
    return law
  }()
}
