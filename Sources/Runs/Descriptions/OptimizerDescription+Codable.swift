/// As JSON an optimizer has the keys of a description file.
extension OptimizerDescription: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    name = try container.decode(String.self, forKey: .name)
    betas = try container.decode([Double].self, forKey: .betas)
    epsilon = try container.decode(Double.self, forKey: .epsilon)
    weightDecay = try container.decode(Double.self, forKey: .weightDecay)
    decayConvention = try container.decode(DecayConvention.self, forKey: .decayConvention)
    let clipsNothing = (try? container.decode(String.self, forKey: .clip)) == Self.noClip
    clip = clipsNothing ? nil : try container.decode(Double.self, forKey: .clip)
    let all = try decoder.container(keyedBy: SettingName.self)
    // What stands beside a rule in a study's list is no setting of it.
    let others = StudyDescription.OptimizerEntry.keys + CodingKeys.allCases.map(\.rawValue)
    for key in all.allKeys where !others.contains(key.stringValue) {
      settings[key.stringValue] = try all.decode(Setting.self, forKey: key)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(betas, forKey: .betas)
    try container.encode(epsilon, forKey: .epsilon)
    try container.encode(weightDecay, forKey: .weightDecay)
    try container.encode(decayConvention, forKey: .decayConvention)
    if let clip {
      try container.encode(clip, forKey: .clip)
    } else {
      try container.encode(Self.noClip, forKey: .clip)
    }
    var all = encoder.container(keyedBy: SettingName.self)
    for (name, setting) in settings { try all.encode(setting, forKey: SettingName(name)) }
  }

  /// The name of a setting that only some rules have.
  private struct SettingName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension OptimizerDescription.Setting: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .text(let text): try container.encode(text)
    }
  }
}
