/// Something that happened while a model was trained: one line of `events.jsonl`.
///
/// Events tell no time of day and no speed, so that the same run leaves the same bytes.
package struct TrainingEvent: Hashable, Sendable {
  /// The updates made before it, this one included.
  package var step: Int
  /// The tokens trained on by then.
  package var tokens: Int
  package var content: Content

  package enum Content: Hashable, Sendable {
    case train(Train)
    case validation(Validation)
    case telemetry(Telemetry)
    /// Everything has been saved.
    case checkpoint
    case end(End)
  }

  /// One update; its loss is that of its batch before the weights moved.
  package struct Train: Hashable, Codable, Sendable {
    /// In nats per token; `nil` when it was no number.
    package var loss: Double?
    /// The peak times the schedule's factor.
    package var learningRate: Double
    /// Of the whole gradient before clipping; `nil` when it was no number.
    package var gradientNorm: Double?
    /// The passes through the corpus so far; `nil` for one that never ends.
    package var epoch: Double?

    package init(
      loss: Double?, learningRate: Double, gradientNorm: Double?, epoch: Double? = nil
    ) {
      self.loss = loss.flatMap { $0.isFinite ? $0 : nil }
      self.learningRate = learningRate
      self.gradientNorm = gradientNorm.flatMap { $0.isFinite ? $0 : nil }
      self.epoch = epoch
    }
  }

  /// The loss on held-out text.
  package struct Validation: Hashable, Codable, Sendable {
    /// In nats per token; `nil` when it was no number.
    package var loss: Double?
    /// From the spread between sequences.
    package var standardError: Double?
    package var sequences: Int

    package init(loss: Double?, standardError: Double?, sequences: Int) {
      self.loss = loss.flatMap { $0.isFinite ? $0 : nil }
      self.standardError = standardError.flatMap { $0.isFinite ? $0 : nil }
      self.sequences = sequences
    }
  }

  /// How the run ended.
  package struct End: Hashable, Codable, Sendable {
    package var status: RunStatus
    /// The last loss on held-out text, with its standard error; `nil` when it was no number.
    package var loss: Double?
    package var lossStandardError: Double?
    /// The step at which the run was seen to diverge, and what was seen.
    package var divergedAt: Int?
    package var reason: String?

    package init(
      status: RunStatus, loss: Double? = nil, lossStandardError: Double? = nil,
      divergedAt: Int? = nil, reason: String? = nil
    ) {
      self.status = status
      self.loss = loss.flatMap { $0.isFinite ? $0 : nil }
      self.lossStandardError = lossStandardError.flatMap { $0.isFinite ? $0 : nil }
      self.divergedAt = divergedAt
      self.reason = reason
    }
  }

  package init(step: Int, tokens: Int, _ content: Content) {
    self.step = step
    self.tokens = tokens
    self.content = content
  }
}
