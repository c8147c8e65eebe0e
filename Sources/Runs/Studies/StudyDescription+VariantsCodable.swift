/// As JSON or YAML one optimizer, and one schedule, is as it was before there could be several.
extension StudyDescription.OptimizerEntry: Codable {
  package init(from decoder: any Decoder) throws {
    rule = try OptimizerDescription(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    learningRates = try container.decodeIfPresent(
      StudyDescription.LearningRates.self, forKey: .learningRates)
    learningRateByRole = try container.decodeIfPresent(
      [String: Double].self, forKey: .learningRateByRole)
  }

  package func encode(to encoder: any Encoder) throws {
    try rule.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(learningRates, forKey: .learningRates)
    try container.encodeIfPresent(learningRateByRole, forKey: .learningRateByRole)
  }
}

extension StudyDescription.ScheduleEntry: Codable {
  private enum CodingKeys: String, CodingKey {
    case sharesTrunk = "share_trunk"
  }

  package init(from decoder: any Decoder) throws {
    schedule = try ScheduleDescription(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    sharesTrunk = try container.decodeIfPresent(Bool.self, forKey: .sharesTrunk) ?? false
  }

  package func encode(to encoder: any Encoder) throws {
    try schedule.encode(to: encoder)
    guard schedule.hasTrunk else { return }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(sharesTrunk, forKey: .sharesTrunk)
  }
}

extension KeyedDecodingContainer {
  /// A value, or a list of them.
  func decodeOneOrMore<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> [Value] {
    guard (try? nestedUnkeyedContainer(forKey: key)) != nil else {
      return [try decode(type, forKey: key)]
    }
    return try decode([Value].self, forKey: key)
  }
}

extension KeyedEncodingContainer {
  mutating func encode(oneOrMore values: [some Encodable], forKey key: Key) throws {
    if values.count == 1 {
      try encode(values[0], forKey: key)
    } else {
      try encode(values, forKey: key)
    }
  }
}
