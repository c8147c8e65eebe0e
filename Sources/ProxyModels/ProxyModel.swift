package import Parametrizations
package import Runs
package import Tensors

/// A family of models that can be trained here.
///
/// It says what its parameters are, each with its role, and how a forward pass uses them; nothing
/// else in the program knows either. A new family is a type like `LlamaModel` and a case in
/// `proxyModel(for:)`.
package protocol ProxyModel: Sendable {
  var description: ModelDescription { get }
  /// Every parameter with its role and shape, in a fixed order.
  var parameters: ParameterTree<ParameterSpec> { get }

  /// Records the forward pass from tokens to logits `[B, T, V]`.
  ///
  /// - Parameters:
  ///   - weights: A tensor for each of `parameters`.
  ///   - settings: Where every multiplier comes from.
  ///   - tape: What is recorded on.
  /// - Returns: The logits.
  func logits(
    _ weights: ParameterTree<Tensor>, _ settings: ModelSettings, on tape: inout Tape
  ) -> Tensor
}

extension ProxyModel {
  package var shape: ModelShape {
    ModelShape(
      layers: description.layers, headWidth: description.headWidth, parameters: parameters)
  }
}

/// The model of a description.
///
/// - Throws: When its family, or a part of it, cannot be trained here.
package func proxyModel(
  for description: ModelDescription
) throws(ProxyModelError) -> any ProxyModel {
  guard description.experts == 0 else { throw .experts(description.experts) }
  switch description.family {
  case .llama, .qwen3: return try LlamaModel(description)
  case .gpt2: throw .family(description.family)
  }
}
