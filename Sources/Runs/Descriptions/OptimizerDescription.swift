/// The update rule of a run, and its numbers other than the learning rate.
package struct OptimizerDescription: Hashable, Sendable {
  /// What a step does to a weight, at learning rate η and decay λ.
  package enum DecayConvention: String, CaseIterable, Codable, Sendable {
    /// Shrinks it by ηλ (AdamW in PyTorch).
    case decoupled
    /// Shrinks it by λ times the schedule's factor, whatever the peak.
    case independent
    /// Adds λ times the weight to the gradient (L2).
    case coupled
  }

  /// The name of the rule; which names there are is not for a description to know.
  package var name = "adamw"
  /// The decay of the first and of the second moment.
  package var betas = [0.9, 0.95]
  package var epsilon = 1e-8
  package var weightDecay = 0.1
  package var decayConvention = DecayConvention.decoupled
  /// The largest norm of the whole gradient; `nil` clips nothing.
  package var clip: Double? = 1.0
  /// What else the rule is given, by the rule's own names.
  package var settings: [String: Setting] = [:]

  /// The value of a setting that only some rules have.
  package enum Setting: Hashable, Sendable {
    case number(Double)
    case flag(Bool)
    case text(String)

    package var text: String {
      switch self {
      case .number(let number): number.plain
      case .flag(let flag): "\(flag)"
      case .text(let text): text
      }
    }
  }

  package init() {}
}

extension OptimizerDescription {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, betas, epsilon, clip
    case weightDecay = "weight_decay"
    case decayConvention = "decay_convention"
  }

  /// What a file has for `clip` where nothing is clipped.
  static let noClip = "none"

  /// Reads a rule; `others` are keys that somebody else reads.
  init(_ value: YAMLValue, besides others: [String] = []) throws(DescriptionError) {
    let common = CodingKeys.allCases.map(\.rawValue) + others
    for (key, value) in try value.entries() {
      let name = try key.text()
      guard !common.contains(name) else { continue }
      // A key that is almost a common one is a slip; some rules number theirs, as epsilon1.
      if name.last?.isNumber != true, let nearest = name.nearest(in: common) {
        throw .unknownKey(key.place, key: name, nearest: nearest, known: common)
      }
      settings[name] = try Setting(value)
    }
    let fields = try YAMLFields(value, known: common + settings.keys)
    if let value = fields["name"] { name = try value.text() }
    if let value = fields["betas"] { betas = try Self.betas(value) }
    if let value = fields["epsilon"] { epsilon = try value.positiveNumber() }
    if let value = fields["weight_decay"] {
      weightDecay = try value.number("a number, 0 or above") { $0 >= 0 }
    }
    if let value = fields["decay_convention"] {
      decayConvention = try value.choice(of: DecayConvention.self)
    }
    if let value = fields["clip"] { clip = try Self.clip(value) }
  }

  private static func betas(_ value: YAMLValue) throws(DescriptionError) -> [Double] {
    let values = try value.list()
    guard values.count == 2 else { throw value.wrong(expected: "a list of two, `[0.9, 0.95]`") }
    var betas: [Double] = []
    for value in values {
      betas.append(try value.number("a number from 0 to below 1") { (0..<1).contains($0) })
    }
    return betas
  }

  private static func clip(_ value: YAMLValue) throws(DescriptionError) -> Double? {
    if try value.text() == noClip { return nil }
    return try value.number("a positive number, or \(noClip)") { $0 > 0 }
  }
}

extension OptimizerDescription.Setting {
  fileprivate init(_ value: YAMLValue) throws(DescriptionError) {
    let text = try value.text()
    if let number = Quantity.parse(text) {
      self = .number(number)
    } else if text == "true" || text == "false" {
      self = .flag(text == "true")
    } else {
      self = .text(text)
    }
  }
}
