/// OLMo-core's model ladder: the rate of Porian et al. with a constant of its own, halved.
extension PublishedLaw {
  static let olmoLadder: PublishedLaw = {
    var law = PublishedLaw(
      "olmo-ladder", "OLMo ladder",
      PublishedSource(
        authors: "Allen Institute for AI",
        reference: "OLMo-core model_ladder/wsds_chinchilla_run_configurator.py"), .code)
    law.learningRate = .power(
      PublishedPower(0.0047 / 2, [.init(.params, -1.0 / 3, unit: 1.08e8)]))
    law.batchTokens = .power(
      PublishedPower(2048 * 160, [.init(.params, 2.0 / 3, unit: 1.08e8)]))
    law.optimizer = .adamW
    law.schedule = "WSD-S, warmup of as many tokens as params, decay over a tenth of each period"
    law.batchAssumption = "its own batch"
    law.weightDecayAssumption = "0.1, none on embeddings"
    law.cautions = [
      "the halving is a correction by experience, for runs of about four times the compute-optimal length"
    ]
    return law
  }()
}
