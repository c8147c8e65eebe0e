/// One optional field of a run record, by the name that tables use for it.
///
/// A new field of the record is one line in `optional`; every table reader then knows it.
package struct RunField: Sendable {
  package let name: String
  /// What a value of the field looks like, for messages.
  package let expected: String
  private let assign: @Sendable (inout RunRecord, String) -> Bool
  private let write: @Sendable (RunRecord) -> String?

  /// Stores `text` in `record`.
  ///
  /// - Returns: Whether `text` is a value of this field; if not, `record` is unchanged.
  package func set(_ text: String, in record: inout RunRecord) -> Bool {
    assign(&record, text)
  }

  /// The field's value in `record` as `set` reads it; `nil` where the record has none.
  package func text(in record: RunRecord) -> String? { write(record) }

  /// The text of the field called `name` in `record`, whether every table has it or some.
  ///
  /// - Returns: `nil` where there is no such field; an empty text where the record has none of it.
  package static func text(of name: String, in record: RunRecord) -> String? {
    let names = ["weight_decay": "weight_decay.value", "optimizer": "optimizer.name"]
    switch name {
    case "params": return record.params.plain
    case "tokens": return record.tokens.plain
    case "learning_rate": return record.learningRate.plain
    case "loss": return record.loss?.plain ?? ""
    default:
      let field = optional.first { $0.name == names[name] ?? name }
      return field.map { $0.text(in: record) ?? "" }
    }
  }

  /// The fields that every table must have.
  package static let required = ["params", "tokens", "learning_rate", "loss"]

  package static let optional: [RunField] = [
    text("id", \.id), text("trainer", \.trainer), text("engine_version", \.engineVersion),
    text("family", \.family), paramsKind,
    positive("params_total", \.paramsTotal),
    positive("params_non_embedding", \.paramsNonEmbedding),
    positive("params_active", \.paramsActive),
    count("width", \.width), count("layers", \.layers), count("heads", \.heads),
    count("kv_heads", \.kvHeads), count("head_width", \.headWidth),
    count("ffn_width", \.ffnWidth), count("vocabulary", \.vocabulary), flag("tied", \.tied),
    count("experts", \.experts), count("experts_active", \.expertsActive),
    count("sequence_length", \.sequenceLength),
    number(
      "batch_tokens", expected: "tokens from 1 to 1e12 in a step, such as 4M", \.batchTokens
    ) { (1...1e12).contains($0) }, positive("steps", \.steps),
    number(
      "effective_learning_rate", expected: "a rate from 1e-12 to 1000", \.effectiveLearningRate
    ) { (1e-12...1e3).contains($0) }, rateByRole,
    text("trunk", \.trunk), positive("branch_step", \.branchStep),
    text("schedule.kind", \.schedule.kind), atLeastZero("schedule.warmup", \.schedule.warmup),
    atLeastZero("schedule.decay", \.schedule.decay),
    atLeastZero("schedule.floor", \.schedule.floor),
    text("schedule.shape", \.schedule.shape), text("schedule.settings", \.schedule.settings),
    atLeastZero("weight_decay", \.weightDecay.value).unwritten,
    atLeastZero("weight_decay.value", \.weightDecay.value),
    text("weight_decay.convention", \.weightDecay.convention),
    text("optimizer", \.optimizer.name).unwritten, text("optimizer.name", \.optimizer.name),
    atLeastZero("optimizer.beta1", \.optimizer.beta1),
    atLeastZero("optimizer.beta2", \.optimizer.beta2),
    positive("optimizer.epsilon", \.optimizer.epsilon),
    positive("optimizer.clip", \.optimizer.clip),
    text("parametrization", \.parametrization), text("remedies", \.remedies), text("seed", \.seed),
    text("corpus", \.corpus), text("corpus_digest", \.corpusDigest),
    text("tokenizer", \.tokenizer), text("loss_kind", \.lossKind),
    atLeastZero("loss_standard_error", \.lossStandardError),
    text("evaluation_digest", \.evaluationDigest),
    positive("initial_loss", \.initialLoss), status, positive("diverged_at", \.divergedAt),
    text("source.file", \.sourceFile), count("source.line", \.sourceLine),
  ]

  /// The field as another name of one that tables are written with.
  private var unwritten: RunField {
    RunField(name: name, expected: expected, assign: assign) { _ in nil }
  }

  private typealias Path<Value> = any WritableKeyPath<RunRecord, Value> & Sendable

  private static func text(_ name: String, _ path: Path<String?>) -> RunField {
    RunField(name: name, expected: "text") { record, text in
      record[keyPath: path] = text
      return true
    } write: {
      $0[keyPath: path]
    }
  }

  private static func positive(_ name: String, _ path: Path<Double?>) -> RunField {
    number(name, expected: "a positive number such as 7e9 or 7B", path) { $0 > 0 }
  }

  private static func atLeastZero(_ name: String, _ path: Path<Double?>) -> RunField {
    number(name, expected: "a number that is not negative", path) { $0 >= 0 }
  }

  private static func number(
    _ name: String, expected: String, _ path: Path<Double?>,
    where accepts: @escaping @Sendable (Double) -> Bool
  ) -> RunField {
    RunField(name: name, expected: expected) { record, text in
      guard let value = Quantity.parse(text), accepts(value) else { return false }
      record[keyPath: path] = value
      return true
    } write: {
      $0[keyPath: path]?.plain
    }
  }

  private static func count(_ name: String, _ path: Path<Int?>) -> RunField {
    RunField(name: name, expected: "a whole number above zero") { record, text in
      guard let value = Quantity.parse(text).flatMap(Int.init(exactly:)), value > 0 else {
        return false
      }
      record[keyPath: path] = value
      return true
    } write: {
      $0[keyPath: path].map(String.init)
    }
  }

  private static func flag(_ name: String, _ path: Path<Bool?>) -> RunField {
    RunField(name: name, expected: "true or false") { record, text in
      switch text.lowercased() {
      case "true", "yes", "1": record[keyPath: path] = true
      case "false", "no", "0": record[keyPath: path] = false
      default: return false
      }
      return true
    } write: {
      $0[keyPath: path].map { "\($0)" }
    }
  }

  private static let status = RunField(
    name: "status", expected: RunStatus.allCases.map(\.rawValue).joined(separator: ", ")
  ) { record, text in
    guard let status = RunStatus(rawValue: text.lowercased()) else { return false }
    record.status = status
    return true
  } write: {
    $0.status.rawValue
  }

  private static let paramsKind = RunField(
    name: "params_kind",
    expected: ParameterCountKind.allCases.map(\.rawValue).joined(separator: ", ")
  ) { record, text in
    guard let kind = ParameterCountKind(rawValue: text.lowercased()) else { return false }
    record.paramsKind = kind
    return true
  } write: {
    $0.paramsKind.rawValue
  }

  private static let rateByRole = RunField(
    name: "learning_rate_by_role", expected: "rates such as embedding=0.01;hidden=0.002"
  ) { record, text in
    var rates: [String: Double] = [:]
    for pair in text.split(separator: ";") {
      let sides = pair.split(separator: "=")
      guard sides.count == 2, let rate = Quantity.parse(sides[1]), rate >= 0 else { return false }
      rates[String(sides[0])] = rate
    }
    record.learningRateByRole = rates
    return true
  } write: { record in
    record.learningRateByRole.map { rates in
      rates.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.plain)" }
        .joined(separator: ";")
    }
  }
}

extension RunRecord {
  fileprivate var sourceFile: String? {
    get { source?.file }
    set { source = newValue.map { RunSource(file: $0) } }
  }

  fileprivate var sourceLine: Int? {
    get { source?.line }
    set { source?.line = newValue }
  }
}
