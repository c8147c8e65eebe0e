import Runs

/// What the user says about logs that they do not say themselves, or not rightly.
package struct ImportChoices: Hashable, Sendable {
  /// Values of fields, in place of whatever the log says.
  package var values: [String: String] = [:]
  /// Keys of settings, or names of metrics, for fields of the record and of the curve.
  package var keys: [String: SettingName] = [:]
  package var loss = LossChoice.automatic

  package init() {}

  /// Which loss a record gets.
  package enum LossChoice: String, CaseIterable, Sendable {
    /// The last held-out one if the run ends with it, else that of training.
    case automatic
    case validation
    case training
  }

  /// Fields that can be given besides those of the record.
  static let furtherFields = [
    "params", "tokens", "learning_rate", "loss", "batch_sequences", "devices",
    "accumulation_steps", "planned_steps", "warmup_steps", "decay_steps", "min_learning_rate",
  ]

  /// Those of `furtherFields` that 0 is a value of.
  static let mayBeZero: Set = ["warmup_steps", "decay_steps", "min_learning_rate"]

  /// Fields that go by two names, by the one that is not kept: else the log's would win over it.
  static let otherNames = ["weight_decay": "weight_decay.value", "optimizer": "optimizer.name"]

  /// Every name that `values` may have.
  package static var fields: [String] { furtherFields + RunField.optional.map(\.name) }

  /// The columns of a table, as far as `keys` names them.
  var columnMap: ColumnMap {
    var map = ColumnMap()
    for (field, name) in keys { map.set(field, to: name.key, factor: name.factor) }
    return map
  }

  /// These choices, and where they say nothing, those of `other`.
  package func merging(_ other: ImportChoices) -> ImportChoices {
    var merged = self
    merged.values.merge(other.values) { own, _ in own }
    merged.keys.merge(other.keys) { own, _ in own }
    if loss == .automatic { merged.loss = other.loss }
    return merged
  }
}
