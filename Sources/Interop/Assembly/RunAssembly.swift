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
  private static let possibleBatches = 1...1e12
  private static let possibleLosses = 1e-9...1e9
  private static let possibleCounts = RunRecord.smallestCount...1e21

  private let log: RunLog
  private let reading: SettingReading
  private var curve: LogCurve
  private var origins: [String: FieldOrigin] = [:]
  private var warnings: [ImportWarning] = []
  private let choices: ImportChoices
  /// The last rate over the peak of the configuration, where it says one.
  private var configuredFloor: Double?

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
    countBatch(in: &record, steps: steps)
    checkBatch(of: &record)
    countTokens(in: &record, steps: steps)
    countParams(in: &record)
    let rates = curve.learningRate.flatMap { ScheduleShape($0.series) }
    setLearningRate(of: &record, rates)
    setSchedule(of: &record, rates, steps: steps)
    setLoss(of: &record)
    setEnd(of: &record, rates, steps: steps)

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

  // MARK: - What is read as it stands

  /// Says which keys of the user's the log does not have.
  private mutating func setFields(of record: inout RunRecord) {
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

  private func isGiven(_ field: String) -> Bool {
    choices.values[field] != nil || choices.keys[field] != nil
  }

  /// The steps that the run was set to make, whether it came so far or not.
  private var plannedSteps: Double? {
    let steps = reading.number("planned_steps") ?? reading.number("steps")
    return steps.flatMap { $0.value > 0 ? $0.value : nil }
  }

  private mutating func warnOfUnknownKeys() {
    for (field, name) in choices.keys.sorted(by: { $0.key < $1.key })
    where log.settings[name.key] == nil && log.series(name.key) == nil {
      warnings.append(
        ImportWarning(
          .badValue, "--map \(field)=\(name.key): the log has no setting and no metric \(name.key)")
      )
    }
  }

  private mutating func warnAmbiguous(_ field: String, _ keys: [String]) {
    let listed = keys.prefix(4).map { "\($0)=\(log.settings[$0]?.value.text ?? "")" }
    warnings.append(
      ImportWarning(
        .ambiguousKey,
        "\(field) could be \(listed.joined(separator: " or ")) and was left out; say which by "
          + "--map \(field)=\(keys[0])"))
  }

  // MARK: - Sizes

  private mutating func countSteps(in record: inout RunRecord) -> Double? {
    if record.steps == nil, let last = curve.lastStep, last > 0 {
      record.steps = Double(last)
      origins["steps"] = FieldOrigin("the last logged step")
      // A log of every hundredth step may have its last line up to so many before the end.
      if let planned = plannedSteps, Double(last) < planned,
        Double(last) + curve.logInterval >= planned
      {
        record.steps = planned
        origins["steps"] = FieldOrigin("those planned, which no line of the log comes nearer to")
      }
    }
    return record.steps
  }

  private mutating func countBatch(in record: inout RunRecord, steps: Double?) {
    guard record.batchTokens == nil else { return }
    deriveBatch(in: &record)
    if let batch = record.batchTokens, !(1...1e12).contains(batch) {
      record.batchTokens = nil
      origins["batch_tokens"] = nil
    }
  }

  private mutating func deriveBatch(in record: inout RunRecord) {
    if let last = curve.batchTokens?.last, last >= 1 {
      record.batchTokens = last
      origins["batch_tokens"] = FieldOrigin(curve.batchTokens?.series.name ?? "")
      return
    }
    let logged = curve.batchSequences?.last.map { ($0, curve.batchSequences?.series.name ?? "") }
    let set = reading.number("batch_sequences").map { ($0.value, $0.origin.rule) }
    if let length = record.sequenceLength, let (sequences, name) = logged ?? set, sequences >= 1 {
      record.batchTokens = sequences * Double(length)
      origins["batch_tokens"] = FieldOrigin(
        "\(name) x \(origins["sequence_length"]?.rule ?? "sequence_length")")
    } else if let tokens = curve.tokens, let batch = tokens.series.perStep, batch > 0 {
      record.batchTokens = batch.rounded()
      origins["batch_tokens"] = FieldOrigin("\(tokens.series.name) over the steps")
    } else {
      countBatchOfParts(in: &record)
    }
  }

  /// Leaves out a batch that none can be, so that what is written reads back.
  private mutating func checkBatch(of record: inout RunRecord) {
    guard let batch = record.batchTokens, !Self.possibleBatches.contains(batch) else { return }
    warnings.append(
      ImportWarning(
        .badValue,
        "\(origins["batch_tokens"]?.rule ?? "batch_tokens") makes a batch of \(batch.plain) tokens, which none "
          + "has, and was left out; give --set batch_tokens=512k"))
    record.batchTokens = nil
    origins["batch_tokens"] = nil
  }

  /// Counts the batch from what one device takes between two accumulations.
  private mutating func countBatchOfParts(in record: inout RunRecord) {
    guard let length = record.sequenceLength else { return }
    let accumulation = reading.number("accumulation_steps")
    let devices = reading.number("devices")
    let parts: [(value: Double, origin: FieldOrigin)]
    if let own = reading.number("batch_sequences_per_device") {
      parts = [own, accumulation, devices].compactMap(\.self)
      if devices == nil {
        warnings.append(
          ImportWarning(
            .remark,
            "the log gives \(own.origin.rule) and not on how many devices; the batch is taken as that of "
              + "one: give --set devices=8 or --set batch_tokens=512k if there were more"))
      }
    } else if let plain = reading.number("batch_size") {
      parts = [plain, accumulation].compactMap(\.self)
    } else {
      return
    }
    guard parts.allSatisfy({ $0.value >= 1 }) else { return }
    record.batchTokens = parts.reduce(Double(length)) { $0 * $1.value }
    origins["batch_tokens"] = FieldOrigin(
      (parts.map(\.origin.rule) + [origins["sequence_length"]?.rule ?? "sequence_length"])
        .joined(separator: " x "))
  }

  private mutating func countTokens(in record: inout RunRecord, steps: Double?) {
    let batch = record.batchTokens
    let length = record.sequenceLength.map(Double.init)
    let set = reading.number("tokens")
    if isGiven("tokens"), let set, set.value > 0 {
      record.tokens = set.value
      origins["tokens"] = set.origin
    } else if let tokens = curve.tokens, let last = tokens.last, last > 0,
      let step = tokens.series.steps.last
    {
      let rest = max((steps ?? Double(step)) - Double(step), 0)
      record.tokens = last + rest * (batch ?? 0)
      origins["tokens"] = FieldOrigin(
        "\(tokens.series.name), its last value" + (rest > 0 ? " and the steps after it" : ""))
    } else if let samples = curve.samples, let last = samples.last, last > 0, let length,
      let step = samples.series.steps.last
    {
      let rest = max((steps ?? Double(step)) - Double(step), 0)
      record.tokens = last * length + rest * (batch ?? 0)
      origins["tokens"] = FieldOrigin(
        "\(samples.series.name) x sequence_length" + (rest > 0 ? " and the steps after it" : ""))
    } else if let steps, let batch {
      record.tokens = steps * batch
      origins["tokens"] = FieldOrigin("steps x batch_tokens")
    } else if let set, set.value > 0 {
      record.tokens = set.value
      origins["tokens"] = set.origin
    }
    let last = Double(curve.lastStep ?? 0)
    let total = record.tokens
    curve.countTokens(sequenceLength: length) { step in
      if let batch { return Double(step) * batch }
      return last > 0 && total > 0 ? Double(step) / last * total : nil
    }
  }

  private mutating func countParams(in record: inout RunRecord) {
    let mayCount = isGiven("params") || !isGiven("params_total")
    let given = reading.number("params").flatMap { mayCount && $0.value > 0 ? $0 : nil }
    let kindGiven = origins["params_kind"] == nil ? nil : record.paramsKind
    if let given, kindGiven == nil || kindGiven == .total {
      record.paramsTotal = given.value
      origins["params_total"] = given.origin
    }
    if record.paramsTotal == nil { countFromShape(&record) }
    if let given, let kindGiven {
      record.params = given.value
      origins["params"] = given.origin
      record.paramsKind = kindGiven
      return
    }
    let counts: [(Double?, ParameterCountKind)] = [
      (record.paramsTotal, .total), (record.paramsNonEmbedding, .nonEmbedding),
      (record.paramsActive, .active),
    ]
    let known = counts.filter { $0.0 != nil }
    guard let (count, kind) = known.first(where: { $0.1 == kindGiven }) ?? known.first, let count
    else { return }
    record.params = count
    record.paramsKind = kind
    let field = kind == .total ? "params_total" : "params_\(kind.rawValue)"
    origins["params"] = origins[field.replacingOccurrences(of: "-", with: "_")]
  }

  /// Counts the parameters of a model whose family and shape are known.
  private mutating func countFromShape(_ record: inout RunRecord) {
    guard let name = record.family, let family = ModelFamily(rawValue: name) else { return }
    var fields = ModelFields()
    (fields.family, fields.width, fields.layers) = (family, record.width, record.layers)
    (fields.heads, fields.kvHeads) = (record.heads, record.kvHeads)
    (fields.headWidth, fields.ffnWidth) = (record.headWidth, record.ffnWidth)
    (fields.vocabulary, fields.tied) = (record.vocabulary, record.tied)
    (fields.experts, fields.expertsActive) = (record.experts, record.expertsActive)
    fields.sequenceLength = record.sequenceLength
    guard record.vocabulary != nil, let model = try? ModelDescription(fields) else { return }
    let counts = ModelCounts(ModelDimensions(model))
    record.paramsTotal = counts.total
    origins["params_total"] = FieldOrigin("the shape of a \(name) model")
    if record.paramsNonEmbedding == nil {
      record.paramsNonEmbedding = counts.nonEmbedding
      origins["params_non_embedding"] = FieldOrigin("the shape of a \(name) model")
    }
    if record.paramsActive == nil {
      record.paramsActive = counts.active
      origins["params_active"] = FieldOrigin("the shape of a \(name) model")
    }
  }

  // MARK: - Rates and schedule

  private mutating func setLearningRate(of record: inout RunRecord, _ shape: ScheduleShape?) {
    let logged = curve.learningRate?.series
    let peak = shape?.peak ?? logged?.values.filter(\.isFinite).max()
    // A key that names both what was set and what was used means the latter.
    let isLogged = logged != nil && choices.keys["learning_rate"]?.key == logged?.name
    if !isLogged || choices.values["learning_rate"] != nil,
      let found = reading.number("learning_rate"), found.value > 0
    {
      record.learningRate = found.value
      origins["learning_rate"] = found.origin
    } else if let peak, peak > 0, let logged {
      record.learningRate = peak
      origins["learning_rate"] = FieldOrigin("the greatest of \(logged.name)")
    } else {
      let rivals = reading.rivals(of: "learning_rate")
      if !rivals.isEmpty { warnAmbiguous("learning_rate", rivals) }
    }
    let peaks = curve.rates.compactMap { series in
      series.values.filter(\.isFinite).max().map { (series.name, $0) }
    }
    if peaks.count > 1, Set(peaks.map(\.1)).count > 1, record.learningRateByRole == nil {
      // In tables these two stand between rates.
      record.learningRateByRole = Dictionary(
        peaks.map { (String($0.map { "=;".contains($0) ? "_" : $0 }), $1) }
      ) { first, _ in first }
      origins["learning_rate_by_role"] = FieldOrigin("the greatest of each logged rate")
    }
  }

  private mutating func setSchedule(
    of record: inout RunRecord, _ shape: ScheduleShape?, steps: Double?
  ) {
    if record.schedule.kind == nil, let shape, let kind = shape.kind, let rates = curve.learningRate
    {
      record.schedule.kind = kind
      origins["schedule.kind"] = FieldOrigin("the shape of \(rates.series.name)")
    }
    setWarmup(of: &record, steps: steps)
    if record.schedule.decay == nil, record.schedule.kind == "wsd" {
      if let decay = reading.number("decay_steps"),
        let total = plannedSteps ?? steps, total > 0,
        (0...total).contains(decay.value)
      {
        record.schedule.decay = (100 * decay.value / total).rounded() / 100
        origins["schedule.decay"] = FieldOrigin("\(decay.origin.rule) over the steps")
      } else if let decay = shape?.decayFraction, let rates = curve.learningRate {
        record.schedule.decay = decay
        origins["schedule.decay"] = FieldOrigin("the shape of \(rates.series.name)")
      }
    }
    if record.schedule.floor == nil, let least = reading.number("min_learning_rate"),
      least.value >= 0, record.learningRate > 0
    {
      record.schedule.floor = least.value / record.learningRate
      origins["schedule.floor"] = FieldOrigin("\(least.origin.rule) over learning_rate")
    }
    configuredFloor = record.schedule.floor
  }

  /// Trainers that set the warm-up as a part of the run leave its count of steps at 0.
  private mutating func setWarmup(of record: inout RunRecord, steps: Double?) {
    guard record.schedule.warmup == nil, let batch = record.batchTokens else { return }
    let count = reading.number("warmup_steps")
    if let count, count.value > 0 {
      record.schedule.warmup = count.value * batch
      origins["schedule.warmup"] = FieldOrigin("\(count.origin.rule) x batch_tokens")
    } else if let ratio = reading.number("warmup_ratio"), ratio.value > 0,
      let total = plannedSteps ?? steps
    {
      record.schedule.warmup = (ratio.value * total).rounded(.up) * batch
      origins["schedule.warmup"] = FieldOrigin("\(ratio.origin.rule) of the steps x batch_tokens")
    } else if let count, count.value == 0 {
      record.schedule.warmup = 0
      origins["schedule.warmup"] = count.origin
    }
  }

  // MARK: - The end

  private mutating func setLoss(of record: inout RunRecord) {
    let isMetric = choices.keys["loss"].map { log.series($0.key) != nil } ?? false
    if choices.values["loss"] != nil || !isMetric, let given = reading.number("loss") {
      record.loss = given.value
      origins["loss"] = given.origin
      return
    }
    let found = FinalLoss(curve, choice: choices.loss)
    record.loss = found.value
    if record.lossStandardError == nil { record.lossStandardError = found.standardError }
    if let kind = found.kind {
      if record.lossKind == nil {
        record.lossKind = kind
        origins["loss_kind"] = found.origin
      }
      origins["loss"] = found.origin
    }
    if let error = record.lossStandardError, let loss = record.loss, error > loss {
      record.lossStandardError = nil
    }
    record.initialLoss = record.initialLoss ?? found.initial
    if !curve.otherValidations.isEmpty, let taken = curve.validation, found.isValidation {
      warnings.append(
        ImportWarning(
          .severalLosses,
          "held-out losses of \(1 + curve.otherValidations.count) texts are logged; the record has "
            + "\(taken.series.name). Say which by --map validation_loss=NAME"))
    }
  }

  private mutating func setEnd(
    of record: inout RunRecord, _ shape: ScheduleShape?, steps: Double?
  ) {
    guard origins["status"] == nil else { return }
    let isBeyond = record.loss.map { $0 > Self.possibleLosses.upperBound } ?? false
    if let step = FinalLoss.divergence(in: curve, ending: record.loss, from: record.initialLoss)
      ?? (isBeyond ? curve.lastStep : nil)
    {
      record.status = .diverged
      if step > 0 { record.divergedAt = record.divergedAt ?? Double(step) }
      if record.loss?.isFinite != true || isBeyond { record.loss = nil }
      origins["status"] = FieldOrigin("the loss")
      return
    }
    let planned = plannedSteps
    if let planned, let steps {
      guard steps < 0.99 * planned else { return }
      record.status = .unfinished
      origins["status"] = FieldOrigin("steps beside those planned")
    } else if case .failed = log.end, planned == nil {
      record.status = .unfinished
      origins["status"] = FieldOrigin("the log's end")
    } else if log.end == .running {
      record.status = .unfinished
      origins["status"] = FieldOrigin("the log, which tells of no end")
    }
  }

  private func missingFields(of record: RunRecord) -> [MissingField] {
    var missing: [MissingField] = []
    if !Self.possibleCounts.contains(record.params) {
      missing.append(
        MissingField(
          field: "params",
          remedy: "--set params_total=124M, or --set family=llama with width, layers and vocabulary"
        ))
    }
    if !Self.possibleCounts.contains(record.tokens) {
      missing.append(
        MissingField(
          field: "tokens",
          remedy: record.steps == nil
            ? "--set tokens=2B" : "--set batch_tokens=512k, or --set tokens=2B"))
    }
    if !(1e-12...1e3).contains(record.learningRate) {
      missing.append(
        MissingField(
          field: "learning_rate", remedy: "--set learning_rate=3e-4, or --map learning_rate=KEY"))
    }
    if record.loss.map({ !Self.possibleLosses.contains($0) }) ?? (record.status != .diverged) {
      missing.append(
        MissingField(field: "loss", remedy: "--map loss=NAME or --map validation_loss=NAME"))
    }
    return missing
  }
}

extension MetricSeries {
  /// How much a counter rises in a step; from 0 where it was told once.
  fileprivate var perStep: Double? {
    guard let step = steps.last, let value = values.last else { return nil }
    if let first = steps.first, let start = values.first, first < step, start < value {
      return (value - start) / (Double(step) - Double(first))
    }
    return step > 0 ? value / Double(step) : nil
  }
}
