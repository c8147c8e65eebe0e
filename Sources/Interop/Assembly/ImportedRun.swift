package import Runs

/// A run as its logs tell of it: the record, its curve, where each field came from, what to beware of.
package struct ImportedRun: Sendable {
  package var record: RunRecord
  /// In the order of steps; empty where only the end is known.
  package var curve: [CurvePoint]
  /// By the name of the field.
  package var origins: [String: FieldOrigin]
  package var warnings: [ImportWarning]

  package init(
    record: RunRecord, curve: [CurvePoint] = [], origins: [String: FieldOrigin] = [:],
    warnings: [ImportWarning] = []
  ) {
    self.record = record
    self.curve = curve
    self.origins = origins
    self.warnings = warnings
  }

  /// One logged step of a run.
  package struct CurvePoint: Hashable, Sendable {
    package var step: Int
    /// Seen by then; `nil` where the log does not let them be counted.
    package var tokens: Double?
    /// Of training, in the unit of the log; not finite where it was no number.
    package var loss: Double?
    /// On held-out text.
    package var validationLoss: Double?
    package var learningRate: Double?

    package init(
      step: Int, tokens: Double? = nil, loss: Double? = nil, validationLoss: Double? = nil,
      learningRate: Double? = nil
    ) {
      self.step = step
      self.tokens = tokens
      self.loss = loss
      self.validationLoss = validationLoss
      self.learningRate = learningRate
    }
  }
}

/// Where a field of a record came from.
package struct FieldOrigin: Hashable, Codable, Sendable {
  /// What was read or how it was derived, alike for all runs of one kind: `config.hidden_size`.
  package var rule: String
  /// The file, line or record it stands in; `nil` for what was derived or given.
  package var place: String?

  package init(_ rule: String, at place: String? = nil) {
    self.rule = rule
    self.place = place
  }
}

/// A run that no record can be made of yet, and what it lacks.
package struct IncompleteRun: Hashable, Sendable {
  package var name: String
  package var missing: [MissingField]
}

/// A field that a log does not give, and how to give it.
package struct MissingField: Hashable, Sendable {
  package var field: String
  package var remedy: String
}
