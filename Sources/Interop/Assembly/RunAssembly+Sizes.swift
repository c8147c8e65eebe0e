import Foundation
import Runs

/// How much a run trained on, in what steps, and how large its model is.
extension RunAssembly {
  mutating func countSteps(in record: inout RunRecord) -> Double? {
    guard record.steps == nil, let made = curve.stepsMade, made > 0 else { return record.steps }
    let isFromZero = curve.countsFromZero
    record.steps = Double(made)
    origins["steps"] = FieldOrigin("the last logged step" + (isFromZero ? ", counted from 0" : ""))
    // A log of every hundredth step may have its last line less than so many before the end, and a loop
    // that counts from 0 may take one step more.
    if let planned = plannedSteps,
      Double(made) < planned
        ? Double(made) + curve.logInterval > planned : isFromZero && Double(made) == planned + 1
    {
      record.steps = planned
      origins["steps"] = FieldOrigin("those planned, which no line of the log comes nearer to")
    }
    return record.steps
  }

  mutating func countBatch(in record: inout RunRecord) {
    deriveBatch(in: &record)
    checkBatch(of: &record)
  }

  private mutating func deriveBatch(in record: inout RunRecord) {
    guard record.batchTokens == nil else { return }
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

  mutating func countTokens(in record: inout RunRecord, steps: Double?) {
    let batch = record.batchTokens
    let length = record.sequenceLength.map(Double.init)
    let set = reading.number("tokens")
    let before = curve.countsFromZero ? 1.0 : 0
    /// The tokens of the steps that follow the last of a series.
    func rest(after step: Int) -> Double {
      let made = Double(step) + before
      return max((steps ?? made) - made, 0) * (batch ?? 0)
    }
    if isGiven("tokens"), let set, set.value > 0 {
      record.tokens = set.value
      origins["tokens"] = set.origin
    } else if let tokens = curve.tokens, let last = tokens.last, last > 0,
      let step = tokens.series.steps.last
    {
      let rest = rest(after: step)
      record.tokens = last + rest
      origins["tokens"] = FieldOrigin(
        "\(tokens.series.name), its last value" + (rest > 0 ? " and the steps after it" : ""))
    } else if let samples = curve.samples, let last = samples.last, last > 0, let length,
      let step = samples.series.steps.last
    {
      let rest = rest(after: step)
      record.tokens = last * length + rest
      origins["tokens"] = FieldOrigin(
        "\(samples.series.name) x sequence_length" + (rest > 0 ? " and the steps after it" : ""))
    } else if let steps, let batch {
      record.tokens = steps * batch
      origins["tokens"] = FieldOrigin("steps x batch_tokens")
    } else if let set, set.value > 0 {
      record.tokens = set.value
      origins["tokens"] = set.origin
    }
    let last = Double(curve.stepsMade ?? 0)
    let total = record.tokens
    curve.countTokens(sequenceLength: length) { step in
      let made = Double(step) + before
      if let batch { return made * batch }
      return last > 0 && total > 0 ? made / last * total : nil
    }
  }

  mutating func countParams(in record: inout RunRecord) {
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
