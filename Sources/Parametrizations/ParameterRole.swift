/// What a parameter does in the network, which decides how its settings scale.
package enum ParameterRole: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
  /// Rows looked up by token: the fan-in is the (fixed) vocabulary, the fan-out the width.
  case embedding
  /// A matrix whose fan-in and fan-out both grow with the model.
  case hidden
  /// The read-out to logits: the fan-in is the width, the fan-out the (fixed) vocabulary.
  case output
  /// Norm gains: one number per channel, multiplying.
  case norm
  /// Additive vectors.
  case bias
  /// Expert-selection weights: the fan-in is the width, the fan-out the number of experts.
  case router
  /// The matrices of experts, which are hidden matrices that see a share of the tokens.
  case expertUp = "expert_up"
  case expertGate = "expert_gate"
  case expertDown = "expert_down"
  /// A learnt number that belongs to no channel, such as a per-layer residual weight.
  case scalar
}
