import RealModule

/// The run that published laws are asked about.
package struct PublishedTarget: Hashable, Sendable {
  package var model: TargetModel
  package var tokens: Double
  /// Tokens in one optimizer step, where they are decided.
  package var batchTokens: Double?
  /// The batch in tokens at which the surge rule peaks, where it is known.
  package var noiseBatch: Double?
  /// The loss that is to be reached, in nats per token.
  package var loss: Double?
  package var optimizer = PublishedOptimizer.adamW
  package var circumstances = TargetCircumstances()

  package init(_ model: TargetModel, tokens: Double) {
    self.model = model
    self.tokens = tokens
  }

  /// The same run with another model and horizon.
  func moved(to model: TargetModel, tokens: Double, batchTokens: Double?) -> PublishedTarget {
    var target = self
    target.model = model
    target.tokens = tokens
    target.batchTokens = batchTokens
    return target
  }

  /// Floating-point operations of the run, without embedding and head.
  package var compute: TargetModel.Count? {
    model.operationsPerToken.map {
      TargetModel.Count($0.value * tokens, caveat: $0.caveat)
    }
  }

  /// A quantity as `law` means it; the batch is what was decided, not what a law would choose.
  func value(of quantity: PublishedQuantity, for law: PublishedLaw) -> TargetModel.Count? {
    switch quantity {
    case .params: return model.params(for: law)
    case .tokens: return TargetModel.Count(tokens)
    case .compute: return compute
    case .batchTokens: return batchTokens.map { TargetModel.Count($0) }
    case .activeShare: return model.activeShare.map { TargetModel.Count($0) }
    case .loss: return loss.map { TargetModel.Count($0) }
    case .layers: return model.layers.map { TargetModel.Count(Double($0)) }
    case .tokensPerParam:
      return model.params(for: law).map {
        TargetModel.Count(tokens / $0.value, caveat: $0.caveat)
      }
    }
  }
}

/// A learning rate that was found best at some scale.
package struct PublishedAnchor: Hashable, Sendable {
  package var learningRate: Double
  /// Counted as the target's.
  package var params: Double
  package var tokens: Double
  package var batchTokens: Double?

  package init(learningRate: Double, params: Double, tokens: Double, batchTokens: Double? = nil) {
    self.learningRate = learningRate
    self.params = params
    self.tokens = tokens
    self.batchTokens = batchTokens
  }
}

extension PublishedTarget {
  /// The same run on another number of tokens.
  package func at(tokens: Double) -> PublishedTarget {
    moved(to: model, tokens: tokens, batchTokens: batchTokens)
  }
}
