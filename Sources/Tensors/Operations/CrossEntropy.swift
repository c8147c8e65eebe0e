import CKernels

/// The loss of predicting each next token, in nats.
struct CrossEntropy: Operation {
  let logits: Tensor
  let zWeight: Double
  let loss: TokenLoss

  var inputs: [Tensor] { [logits] }
  var outputs: [Tensor] { [loss.losses, loss.logSums] }
  var kept: [Tensor] { [logits, loss.logSums] }

  func forward(_ arena: Arena) {
    arena.kernels.cross_entropy_forward(
      arena.doubles(to: loss.losses), arena.doubles(to: loss.logSums), arena.value(logits),
      arena.targetTokens, logits.rows, logits.width)
  }

  func backward(_ arena: Arena) {
    let toLogits = arena.gradient(to: logits)
    arena.kernels.cross_entropy_backward(
      toLogits.pointer, toLogits.add, arena.value(logits), arena.doubles(to: loss.logSums),
      arena.targetTokens, logits.rows, logits.width, arena.lossScale, zWeight)
  }
}

/// What a tape leaves of its loss, for each token by itself, in doubles.
package struct TokenLoss: Sendable {
  /// The cross-entropy of each token, in nats.
  package let losses: Tensor
  /// The log partition of each token's logits, which the z-loss keeps near zero.
  package let logSums: Tensor
}

extension Arena {
  fileprivate func doubles(to tensor: Tensor) -> UnsafeMutablePointer<Double> {
    value(tensor).assumingMemoryBound(to: Double.self)
  }
}

extension Tape {
  /// The cross-entropy of `logits` `[B, T, V]` against the next tokens.
  ///
  /// On the way back the gradient is that of the sum over tokens of the cross-entropy and `zWeight`
  /// times the squared log partition (Chowdhery et al. 2022, arXiv 2204.02311, section 5).
  package mutating func crossEntropy(_ logits: Tensor, zWeight: Double = 0) -> TokenLoss {
    let loss = TokenLoss(
      losses: activation([logits.rows], doubles: true),
      logSums: activation([logits.rows], doubles: true))
    record(CrossEntropy(logits: logits, zWeight: zWeight, loss: loss))
    return loss
  }
}
