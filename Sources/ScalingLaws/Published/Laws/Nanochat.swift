/// nanochat: a recipe around a reference model of depth 12.
extension PublishedLaw {
  static let nanochat: PublishedLaw = {
    var law = PublishedLaw(
      "nanochat", "nanochat",
      PublishedSource(
        authors: "Karpathy", reference: "nanochat scripts/base_train.py"), .code)
    let reference = 524_288.0
    law.learningRate = .power(
      PublishedPower(nil, [.init(.batchTokens, 0.5, unit: reference)]))
    var batch = PublishedPower(nil, [.init(.tokens, 0.383)])
    batch.roundsToPowerOfTwo = true
    batch.valueAtAnchor = reference
    law.batchTokens = .power(batch)
    law.weightDecay = .power(
      PublishedPower(nil, [.init(.batchTokens, 0.5, unit: reference), .init(.tokens, -1)]))
    law.params = .none
    law.optimizer = .muon
    law.batchAssumption = "its own, from 524k tokens at the anchor unless that says otherwise"
    law.weightDecayAssumption = "the anchor's, times the square root of the batch over tokens"
    law.cautions = [
      "its program says of itself that theory of AdamW is applied to Muon without a test"
    ]
    return law
  }()
}
