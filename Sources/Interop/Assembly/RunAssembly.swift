import Foundation
import Runs

/// Makes a run record of what a log says: each field given, read or derived, and where from.
package struct RunAssembly {
  /// What came of it.
  package enum Outcome: Sendable {
    case run(ImportedRun)
    case incomplete(IncompleteRun)
  }

  /// Tokens that a step can have; a table with others is refused.
  static let possibleBatches = 1...1e12
  static let possibleLosses = 1e-9...1e9
  static let possibleCounts = RunRecord.smallestCount...1e21

  let log: RunLog
  let reading: SettingReading
  var curve: LogCurve
  var origins: [String: FieldOrigin] = [:]
  var warnings: [ImportWarning] = []
  let choices: ImportChoices
  /// The last rate over the peak of the configuration, where it says one.
  var configuredFloor: Double?

  /// - Parameters:
  ///   - log: What was read.
  ///   - names: The tool's names; common ones are known besides.
  ///   - choices: What the user says.
  package init(_ log: RunLog, names: FieldNames, choices: ImportChoices) {
    self.log = log
    self.choices = choices
    let names = names.merging(.common)
    reading = SettingReading(log, names: names, choices: choices)
    curve = LogCurve(log, names: names, choices: choices)
  }

  /// The run of the log.
  ///
  /// - Parameters:
  ///   - kind: The importer that read it.
  ///   - path: The log's place, which names the run where the log does not.
  /// - Returns: A run, or what it lacks.
  package mutating func outcome(kind: String, path: String) -> Outcome {
    var record = RunRecord(params: 0, tokens: 0, learningRate: 0, loss: nil)
    warnOfUnknownKeys()
    setFields(of: &record)
    let steps = countSteps(in: &record)
    countBatch(in: &record)
    countTokens(in: &record, steps: steps)
    countParams(in: &record)
    let rates = curve.learningRate.flatMap { ScheduleShape($0.series) }
    setLearningRate(of: &record, rates)
    setSchedule(of: &record, rates, steps: steps)
    setLoss(of: &record)
    setEnd(of: &record, steps: steps)

    let missing = missingFields(of: record)
    guard missing.isEmpty else {
      return .incomplete(IncompleteRun(name: log.name, missing: missing))
    }
    record.trainer = record.trainer ?? kind
    record.source = RunSource(file: path)
    if record.id == nil {
      record.id = Digest(of: Array((log.identity ?? "\(kind) \(path)").utf8)).shortID
      origins["id"] = FieldOrigin(log.identity == nil ? "the log's path" : "the tool's own id")
    }
    let checks = CurveChecks(
      curve, record: record, plannedSteps: plannedSteps, shape: rates,
      configuredFloor: configuredFloor)
    if checks.wasNotAnnealed, origins["status"]?.rule != "given" {
      record.status = .unfinished
      origins["status"] = FieldOrigin("the logged rate")
    }
    warnings += checks.warnings + log.remarks.map { ImportWarning(.remark, $0) }
    for series in log.metrics where series.impossible > 0 {
      warnings.append(
        ImportWarning(
          .remark,
          "\(series.impossible.counted("point")) of \(series.name) left out, at steps that no run comes to"
        ))
    }
    return .run(
      ImportedRun(record: record, curve: curve.points, origins: origins, warnings: warnings))
  }

  /// Says which keys of the user's the log does not have.
  mutating func setFields(of record: inout RunRecord) {
    for field in RunField.optional where field.name != "steps" || isGiven(field.name) {
      guard let found = reading.text(field.name) else {
        let rivals = reading.rivals(of: field.name)
        if !rivals.isEmpty { warnAmbiguous(field.name, rivals) }
        continue
      }
      if field.set(found.text, in: &record) {
        origins[field.name] = found.origin
      } else {
        warnings.append(
          ImportWarning(
            .badValue,
            "\(found.origin.rule) is '\(found.text)', which is no \(field.name) and was left out; "
              + "give \(field.expected) by --set \(field.name)=VALUE"))
      }
    }
    if record.weightDecay.value != nil, record.weightDecay.convention == nil,
      record.optimizer.name?.lowercased().hasSuffix("adamw") == true
    {
      record.weightDecay.convention = "decoupled"
      origins["weight_decay.convention"] = FieldOrigin(
        "AdamW, which shrinks weights by the rate times the decay")
    }
  }

  func isGiven(_ field: String) -> Bool {
    choices.values[field] != nil || choices.keys[field] != nil
  }

  /// The steps that the run was set to make, whether it came so far or not.
  var plannedSteps: Double? {
    let steps = reading.number("planned_steps") ?? reading.number("steps")
    return steps.flatMap { $0.value > 0 ? $0.value : nil }
  }

  mutating func warnOfUnknownKeys() {
    for (field, name) in choices.keys.sorted(by: { $0.key < $1.key })
    where log.settings[name.key] == nil && log.series(name.key) == nil {
      warnings.append(
        ImportWarning(
          .badValue, "--map \(field)=\(name.key): the log has no setting and no metric \(name.key)")
      )
    }
  }

  mutating func warnAmbiguous(_ field: String, _ keys: [String]) {
    let listed = keys.prefix(4).map { "\($0)=\(log.settings[$0]?.value.text ?? "")" }
    warnings.append(
      ImportWarning(
        .ambiguousKey,
        "\(field) could be \(listed.joined(separator: " or ")) and was left out; say which by "
          + "--map \(field)=\(keys[0])"))
  }
}
