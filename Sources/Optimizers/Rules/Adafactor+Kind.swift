import Runs

extension Adafactor {
  static let kind = OptimizerKind(
    "adafactor", source: "Shazeer and Stern 2018, arXiv 1804.04235",
    reference: "torch.optim.Adafactor, transformers' Adafactor", version: 2, decays: [.decoupled],
    settings: [
      OptimizerSetting(
        "form", .choice(Form.allCases.map(\.rawValue), standard: Form.transformers.rawValue),
        "whose small print: PyTorch bounds the rate by 1/√step"),
      OptimizerSetting(
        "beta2_decay", .number(.closed(-1...0), standard: -0.8),
        "what the step is raised to for the weight of a new square"),
      OptimizerSetting(
        "epsilon1", .number(.epsilon, standard: nil),
        "keeps squares from 0; by default 1e-30, and in PyTorch's form what tells 1 from the next float"
      ),
      OptimizerSetting(
        "epsilon2", .number(.epsilon, standard: 1e-3),
        "the least size of weights that steps are in proportion to"),
      OptimizerSetting(
        "update_clip", .number(.size, standard: 1), "the largest size of an update"),
      OptimizerSetting(
        "momentum", .number(.below(0..<1), standard: nil), "the share of it that a step keeps"),
      OptimizerSetting(
        "scaled", .flag(standard: true), "whether steps are in proportion to the weights"),
    ], scalesRates: true
  ) { settings throws(OptimizerError) in
    let form = Form(rawValue: settings.text("form")) ?? .transformers
    guard form == .transformers || settings.optional("momentum") == nil else {
      throw settings.error(
        "momentum", "given", expected: "none, since PyTorch's form has no momentum")
    }
    return Adafactor(
      beta2Decay: settings.number("beta2_decay"),
      epsilon1: settings.optional("epsilon1") ?? form.epsilon1,
      epsilon2: settings.number("epsilon2"), clip: settings.number("update_clip"),
      beta1: settings.optional("momentum"), isScaled: settings.flag("scaled"), form: form)
  }
}
