/// A tool's names for what a run record holds: rules as data.
package struct FieldNames: Sendable {
  /// For fields of the run record, by their names in tables: keys of settings, best first.
  package var settings: [String: [SettingName]]
  /// For the numbers of a run's curve: names of metrics, best first.
  package var metrics: [CurveField: [MetricName]]

  package init(
    settings: [String: [SettingName]] = [:], metrics: [CurveField: [MetricName]] = [:]
  ) {
    self.settings = settings
    self.metrics = metrics
  }

  /// These names, and where they say nothing better, those of `other`.
  package func merging(_ other: FieldNames) -> FieldNames {
    FieldNames(
      settings: settings.merging(other.settings) { $0 + $1 },
      metrics: metrics.merging(other.metrics) { $0 + $1 })
  }
}

/// A key of a setting that holds a field of the run record.
package struct SettingName: Hashable, Sendable, ExpressibleByStringLiteral {
  package var key: String
  /// What a number is multiplied by to get the field's unit.
  package var factor: Double?
  /// What the tool's words mean in the record's, where they differ; without an entry, the word itself.
  package var words: [String: String]

  package init(_ key: String, factor: Double? = nil, words: [String: String] = [:]) {
    self.key = key
    self.factor = factor
    self.words = words
  }

  package init(stringLiteral key: String) { self.init(key) }
}

/// What a number of a curve is.
package enum CurveField: String, CaseIterable, Sendable {
  /// The training loss.
  case loss
  case validationLoss = "validation_loss"
  case learningRate = "learning_rate"
  /// Tokens seen so far.
  case tokens
  /// Sequences seen so far.
  case samples
  /// The trainer's own count of updates, where the log's steps count something else.
  case step
  case batchTokens = "batch_tokens"
  /// Sequences in a step.
  case batchSequences = "batch_sequences"
  case gradientNorm = "gradient_norm"
}

/// A name of a metric; one `*` in it stands for any text.
package struct MetricName: Hashable, Sendable, ExpressibleByStringLiteral {
  package var name: String
  /// What a loss under this name is a mean of.
  package var average: LossAverage?
  package var unit: LossUnit

  package init(_ name: String, _ average: LossAverage? = nil, unit: LossUnit = .nats) {
    self.name = name
    self.average = average
    self.unit = unit
  }

  package init(stringLiteral name: String) { self.init(name) }

  package func matches(_ other: String) -> Bool {
    guard let star = name.firstIndex(of: "*") else { return name == other }
    let (head, tail) = (name[..<star], name[name.index(after: star)...])
    return other.utf8.count >= head.utf8.count + tail.utf8.count && other.hasPrefix(head)
      && other.hasSuffix(tail)
  }
}

/// What a logged training loss is a mean of.
package enum LossAverage: String, Sendable {
  /// One batch.
  case step
  /// All batches since the last line.
  case window
  /// Batches before, weighted by how recent they are.
  case movingAverage = "moving average"
}

package enum LossUnit: String, Sendable {
  case nats
  case bitsPerByte = "bits per byte"
}
