/// `optimizer` and `schedule` of a study file: one, or a list of rivals.
extension StudyDescription.OptimizerEntry {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case learningRates = "learning_rates"
    case learningRateByRole = "learning_rate_by_role"
  }

  /// The keys beside those of the rule.
  static let keys = CodingKeys.allCases.map(\.rawValue)

  static func all(_ value: YAMLValue) throws(DescriptionError) -> [Self] {
    guard value.isList else { return [try Self(value)] }
    var entries: [Self] = []
    for value in try value.list() {
      let entry = try Self(value)
      guard !entries.contains(where: { $0.asks(for: entry) }) else {
        throw .repeatedValue(value.place, key: "optimizer", value: "an optimizer")
      }
      entries.append(entry)
    }
    return entries
  }

  private init(_ value: YAMLValue) throws(DescriptionError) {
    rule = try OptimizerDescription(value, besides: Self.keys)
    for (key, value) in try value.entries() {
      switch CodingKeys(rawValue: try key.text()) {
      case .learningRates?: learningRates = try StudyDescription.LearningRates(value)
      case .learningRateByRole?: learningRateByRole = try value.learningRatesByRole()
      case nil: break
      }
    }
  }

  /// Whether runs of the two would be the same at equal rates.
  private func asks(for other: Self) -> Bool {
    rule == other.rule && learningRateByRole == other.learningRateByRole
  }
}

extension StudyDescription.ScheduleEntry {
  static func all(_ value: YAMLValue) throws(DescriptionError) -> [Self] {
    guard value.isList else { return [try Self(value)] }
    var entries: [Self] = []
    for value in try value.list() {
      let entry = try Self(value)
      // However its runs are trained, the schedule is the same.
      guard !entries.contains(where: { $0.schedule == entry.schedule }) else {
        throw .repeatedValue(value.place, key: "schedule", value: "a schedule")
      }
      entries.append(entry)
    }
    return entries
  }

  private init(_ value: YAMLValue) throws(DescriptionError) {
    let key = ScheduleDescription.sharesTrunkKey
    let fields = try YAMLFields(value, known: ScheduleDescription.keys + [key])
    schedule = try ScheduleDescription(fields)
    sharesTrunk = try fields[key]?.flag() ?? schedule.hasTrunk
  }
}

extension StudyDescription {
  /// Sets the optimizers; one alone has the study's rates, wherever the file has them.
  mutating func take(_ entries: [OptimizerEntry]) {
    optimizers = entries
    guard entries.count == 1, let only = entries.first else { return }
    learningRates = only.learningRates ?? learningRates
    learningRateByRole = only.learningRateByRole ?? learningRateByRole
    optimizers = [OptimizerEntry(only.rule)]
  }
}
