package import Parametrizations
import Runs
package import Tensors

/// A model on a tape, from tokens to loss, for a number of sequences at a time.
package struct RecordedModel: Sendable {
  package let tape: Tape
  /// Each parameter on the tape.
  package let weights: ParameterTree<Tensor>
  /// What the loss is taken of `[B, T, V]`, capped where the model has a cap.
  package let logits: Tensor
  package let loss: TokenLoss

  /// - Parameters:
  ///   - model: What is recorded.
  ///   - settings: Its multipliers; the tape holds no other setting.
  ///   - sequences: The sequences of one replay.
  ///   - zWeight: The weight of the squared log partition beside the cross-entropy.
  package init(
    _ model: any ProxyModel, _ settings: ModelSettings, sequences: Int, zWeight: Double = 0
  ) {
    var tape = Tape(sequences: sequences, length: model.description.sequenceLength)
    weights = model.parameters.map { _, spec in tape.parameter(spec.dimensions) }
    logits = model.logits(weights, settings, on: &tape)
    loss = tape.crossEntropy(logits, zWeight: zWeight)
    self.tape = tape
  }
}
