package import Runs

/// What a set of runs has in common besides scale and learning rate.
package struct SweepRecipe: Hashable, Codable, Sendable {
  package var trainer: String?
  package var family: String?
  package var optimizer: String?
  package var weightDecay: RecordedWeightDecay?
  package var parametrization: String?
  package var scheduleKind: String?
  package var scheduleDecay: Double?
  package var corpus: String?
  package var tokenizer: String?
  package var lossKind: String?
  /// Fields that no run has, of those that must not be mixed.
  package var unknownFields: [String]
  /// Fields in which the runs differ though all are fitted together.
  package var mixedFields: [String]

  /// The recipe that `records` share.
  ///
  /// - Throws: `.mixed` when losses of different kinds, corpora, tokenizers or schedules meet.
  package init(of records: [RunRecord]) throws(FitError) {
    unknownFields = []
    for field in Self.neverMixed + Self.neverMixedWhereKnown {
      let values = Self.groups(records, by: field.text)
      let isOptional = Self.neverMixedWhereKnown.contains { $0.name == field.name }
      if values.count == 1, values[0].value == nil, !isOptional { unknownFields.append(field.name) }
      guard values.count(where: { !isOptional || $0.value != nil }) > 1 else { continue }
      throw .mixed(
        field: field.name,
        groups: values.prefix(4).map {
          "\($0.value ?? "not given") (\($0.count.counted("run")), "
            + "\($0.count == 1 ? "" : "the first ")\($0.first.placeInWords))"
        } + (values.count > 4 ? ["\(values.count - 4) more"] : []),
        example: values.lazy.compactMap(\.value).first ?? "")
    }
    let batchless = records.filter { $0.batchTokens == nil }
    if let first = batchless.first, batchless.count < records.count {
      throw .batchTokensMissing(count: batchless.count, first: first.placeInWords)
    }
    mixedFields = Self.mayVary.filter { Self.groups(records, by: $0.text).count > 1 }.map(\.name)

    func shared<Value: Hashable>(_ value: (RunRecord) -> Value?) -> Value? {
      guard let first = records.first.flatMap(value) else { return nil }
      return records.allSatisfy { value($0) == first } ? first : nil
    }
    trainer = shared(\.trainer)
    family = shared(\.family)
    optimizer = shared(\.optimizer.name)
    weightDecay = shared { $0.weightDecay.value == nil ? nil : $0.weightDecay }
    parametrization = shared(\.parametrization)
    scheduleKind = shared(\.schedule.kind)
    scheduleDecay = shared(\.schedule.decay)
    corpus = shared(\.corpus)
    tokenizer = shared(\.tokenizer)
    lossKind = shared(\.lossKind)
  }

  private struct Field: Sendable {
    var name: String
    var text: @Sendable (RunRecord) -> String?

    init(_ name: String, _ text: @escaping @Sendable (RunRecord) -> String?) {
      self.name = name
      self.text = text
    }
  }

  private static let neverMixed = [
    Field("loss_kind") { $0.lossKind }, Field("corpus") { $0.corpus },
    Field("corpus_digest") { $0.corpusDigest }, Field("tokenizer") { $0.tokenizer },
    Field("schedule.kind") { $0.schedule.kind },
    Field("schedule.decay") { $0.schedule.decay.map { "\($0)" } },
  ]

  /// What few sources say: runs that do not are taken for those that do, as far as these agree.
  private static let neverMixedWhereKnown = [
    // Tools differ in how they write a name.
    Field("optimizer.name") { $0.optimizer.name?.lowercased() },
    Field("remedies") { $0.remedies }, Field("schedule.shape") { $0.schedule.shape },
    Field("schedule.settings") { $0.schedule.settings },
  ]

  private static let mayVary = [
    Field("trainer") { $0.trainer }, Field("family") { $0.family },
    Field("optimizer") { $0.optimizer.name },
    Field("optimizer.beta1") { $0.optimizer.beta1.map { "\($0)" } },
    Field("optimizer.beta2") { $0.optimizer.beta2.map { "\($0)" } },
    Field("weight_decay") { $0.weightDecay.value.map { "\($0)" } },
    Field("weight_decay.convention") { $0.weightDecay.convention },
    Field("parametrization") { $0.parametrization },
    Field("sequence_length") { $0.sequenceLength.map { "\($0)" } },
    Field("learning_rate_by_role") { $0.ratesByRoleOverPeak },
  ]

  private static func groups(
    _ records: [RunRecord], by text: (RunRecord) -> String?
  ) -> [(value: String?, count: Int, first: RunRecord)] {
    var groups: [(value: String?, count: Int, first: RunRecord)] = []
    var places: [String?: Int] = [:]
    for record in records {
      let value = text(record)
      if let place = places[value] {
        groups[place].count += 1
      } else {
        places[value] = groups.count
        groups.append((value, 1, record))
      }
    }
    return groups
  }
}

extension RunRecord {
  /// The rates by role over the peak, which are the same in runs that differ in the peak alone.
  fileprivate var ratesByRoleOverPeak: String? {
    learningRateByRole.map { rates in
      rates.sorted { $0.key < $1.key }
        .map { "\($0.key)=\(($0.value / learningRate).rounded(significant: 6).plain)" }
        .joined(separator: " ")
    }
  }
}
