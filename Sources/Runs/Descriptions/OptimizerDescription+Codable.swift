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
  }
}
