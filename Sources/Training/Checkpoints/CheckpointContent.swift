/// All that a run needs to go on from a step as if it had never stopped.
package struct CheckpointContent<Payload> {
  /// The optimizer steps taken.
  package let step: Int
  /// The tokens seen.
  package let tokens: Int
  /// What else the trainer keeps, such as the state of its averages.
  package let payload: Payload
  package let model: [NamedTensor]
  /// Named after the state and the parameter, such as `moment1.blocks.0.attention.query`.
  package let optimizer: [NamedTensor]

  package init(
    step: Int, tokens: Int, payload: Payload, model: [NamedTensor], optimizer: [NamedTensor]
  ) {
    precondition(step >= 0 && tokens >= 0, "step \(step) after \(tokens) tokens")
    self.step = step
    self.tokens = tokens
    self.payload = payload
    self.model = model
    self.optimizer = optimizer
  }
}
