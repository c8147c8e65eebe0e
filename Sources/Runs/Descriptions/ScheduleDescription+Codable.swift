/// As JSON a schedule is that of a description file, with the keys that its kind has.
extension ScheduleDescription: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(try container.decode(Kind.self, forKey: .kind))
    for key in Self.keys(of: kind) {
      switch key {
      case .kind: break
      case .warmupTokens: warmupTokens = try container.decode(Int.self, forKey: key)
      case .floor: floor = try container.decode(Double.self, forKey: key)
      case .decayFraction: decayFraction = try container.decode(Double.self, forKey: key)
      case .decayShape: decayShape = try container.decode(Shape.self, forKey: key)
      case .exponent: exponent = try container.decode(Double.self, forKey: key)
      case .powerTokens: powerTokens = try container.decode(Int.self, forKey: key)
      case .plateau: plateau = try container.decode(Double.self, forKey: key)
      case .cooldownTokens: cooldownTokens = try container.decode(Int.self, forKey: key)
      case .checkpoints: checkpoints = try container.decode(Int.self, forKey: key)
      case .cycleTokens: cycleTokens = try container.decode(Int.self, forKey: key)
      }
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    for key in Self.keys(of: kind) {
      switch key {
      case .kind: try container.encode(kind, forKey: key)
      case .warmupTokens: try container.encode(warmupTokens, forKey: key)
      case .floor: try container.encode(floor, forKey: key)
      case .decayFraction: try container.encode(decayFraction, forKey: key)
      case .decayShape: try container.encode(decayShape, forKey: key)
      case .exponent: try container.encode(exponent, forKey: key)
      case .powerTokens: try container.encode(powerTokens, forKey: key)
      case .plateau: try container.encode(plateau, forKey: key)
      case .cooldownTokens: try container.encode(cooldownTokens, forKey: key)
      case .checkpoints: try container.encode(checkpoints, forKey: key)
      case .cycleTokens: try container.encode(cycleTokens, forKey: key)
      }
    }
  }
}
