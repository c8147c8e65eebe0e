/// Zhou et al.: a log-linear law of mixtures under warmup-stable-decay.
///
/// Its constant is left out: nobody could verify in which units N and D stand, and the readings
/// differ by a factor of twenty. Ratios do not depend on units.
extension PublishedLaw {
  static let zhou: PublishedLaw = {
    var law = PublishedLaw(
      "zhou", "Zhou et al.",
      PublishedSource(
        authors: "Zhou et al.", year: 2026, reference: "arXiv 2601.05049",
        place: "eq. 6 (exponents only)"),
      .secondary)
    law.learningRate = .power(
      PublishedPower(nil, [.init(.params, -0.2219), .init(.tokens, -0.3509)]))
    law.modelClass = .mixture
    law.schedule = "warmup-stable-decay"
    law.parametrization = .standard
    law.cautions = [
      "its constant is in units that could not be verified, so it answers around an anchor only"
    ]
    return law
  }()
}
