/// As JSON a schedule is that of a description file, with the keys that its kind has.
extension ScheduleDescription: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(try container.decode(Kind.self, forKey: .kind))
    warmupTokens = try container.decode(Int.self, forKey: .warmupTokens)
    let keys = Self.keys(of: kind)
    if keys.contains(.floor) { floor = try container.decode(Double.self, forKey: .floor) }
    if keys.contains(.decayFraction) {
      decayFraction = try container.decode(Double.self, forKey: .decayFraction)
      decayShape = try container.decode(Shape.self, forKey: .decayShape)
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
      }
    }
  }
}
