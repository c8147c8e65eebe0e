import Runs

/// How a run ended: its loss, whether it diverged or was cut, and what a record lacks.
extension RunAssembly {
  mutating func setLoss(of record: inout RunRecord) {
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

  mutating func setEnd(
    of record: inout RunRecord, steps: Double?
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

  func missingFields(of record: RunRecord) -> [MissingField] {
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
