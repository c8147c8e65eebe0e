import RealModule

/// The learning rate along a run, as a fraction of its peak.
package struct ScheduleDescription: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Codable, Sendable {
    /// Warm-up, then the peak, then a decay over the end.
    case wsd
    /// A decay over all that follows the warm-up, along a cosine or a line.
    case cosine, linear
    /// The same along (1 - x) / (1 - x/2) (REX; Chen et al. 2021, arXiv 2107.04197).
    case rex
    /// The peak from the end of the warm-up to that of the run.
    case constant
    /// The root of the warm-up over the tokens (Vaswani et al. 2017, arXiv 1706.03762), then a decay.
    case inverseSquareRoot = "inverse-sqrt"
    /// A power of the tokens, at most the peak (Shen et al. 2024, arXiv 2408.13359), then a decay.
    case power
    /// A cosine from the peak to a plateau that has no end, then a decay from there (Ibrahim et al. 2024,
    /// arXiv 2403.08763).
    case infinite
    /// The peak to the end, where checkpoints are merged as if it had decayed (warm-up, stable, merge;
    /// Tian et al. 2025, arXiv 2507.17634).
    case wsm
    /// Up and down along lines between the floor and the peak (Smith 2017, arXiv 1506.01186).
    case cyclic
  }

  package enum Shape: String, CaseIterable, Codable, Sendable {
    case linear, cosine
    /// One minus the square root of the way done (Hägele et al. 2024, arXiv 2405.18392).
    case squareRoot = "sqrt"
    /// One minus the square of the way done.
    case square
    /// By the same factor for the same distance, to a floor above 0.
    case exponential
  }

  package var kind: Kind
  package var warmupTokens = 200_000
  /// The part of each horizon at its end that decays; 0 for kinds that have no such end.
  package var decayFraction: Double
  package var decayShape: Shape
  /// What the decay ends at.
  package var floor = 0.0
  /// What a power schedule raises the tokens to; below 0.
  package var exponent = -0.5
  /// The tokens up to which a power schedule stays at the peak.
  package var powerTokens = 0
  /// The fraction of the peak that an infinite schedule stays at, and the tokens it takes to come there.
  package var plateau = 0.5
  package var cooldownTokens = 0
  /// The tokens of one way up and down of a cyclic schedule.
  package var cycleTokens = 0
  /// How many checkpoints a `wsm` schedule merges, besides the one at the start of the decay that they
  /// stand for.
  package var checkpoints = 12

  package init(_ kind: Kind = .wsd) {
    self.kind = kind
    decayFraction = [.wsd, .wsm, .infinite].contains(kind) ? 0.2 : 0
    decayShape = kind == .cosine ? .cosine : .linear
    if kind == .cyclic { warmupTokens = 0 }
  }
}

extension ScheduleDescription {
  /// The factor, long after the warm-up, of a kind that has no end of its own; 1 for all others.
  package func endless(at tokens: Double) -> Double {
    switch kind {
    case .inverseSquareRoot: min(1, (Double(warmupTokens) / max(tokens, 1)).squareRoot())
    case .power: min(1, .pow(max(tokens, 1) / Double(powerTokens), exponent))
    case .infinite: plateau
    default: 1
    }
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, floor, exponent, plateau, checkpoints
    case warmupTokens = "warmup_tokens"
    case decayFraction = "decay_fraction"
    case decayShape = "decay_shape"
    case powerTokens = "power_tokens"
    case cooldownTokens = "cooldown_tokens"
    case cycleTokens = "cycle_tokens"
  }

  static let keys = CodingKeys.allCases.map(\.rawValue)
  static let sharesTrunkKey = "share_trunk"

  /// Reads `fields`, which may hold, of a schedule with a trunk, whether a study's horizons share it.
  init(_ fields: YAMLFields) throws(DescriptionError) {
    self.init(try fields["kind"]?.choice(of: Kind.self) ?? .wsd)
    let own = Self.keys(of: kind)
    try fields.allow(
      only: own.map(\.rawValue) + (hasTrunk ? [Self.sharesTrunkKey] : []),
      for: "a \(kind.rawValue) schedule")
    if let value = fields["warmup_tokens"] {
      // Its first cycle is its warm-up, and its rate has the warm-up for its unit.
      let least = kind == .inverseSquareRoot ? 1 : 0
      warmupTokens = try value.wholeNumber(in: least...YAMLValue.wholeNumbers.upperBound)
    }
    if let value = fields["floor"] {
      floor = try value.number("a fraction of the peak, from 0 to below 1") { (0..<1).contains($0) }
    }
    if own.contains(.decayFraction) { try readDecay(fields) }
    if own.contains(.exponent) {
      exponent = try fields.required("exponent").number("a number below 0, above -10") {
        $0 < 0 && $0 > -10
      }
      powerTokens = try fields.required("power_tokens").wholeNumber()
    }
    if own.contains(.plateau) {
      plateau = try fields.required("plateau").number("a fraction of the peak, above 0 and up to 1")
      {
        $0 > 0 && $0 <= 1
      }
      cooldownTokens = try fields.required("cooldown_tokens").wholeNumber(
        in: YAMLValue.wholeNumbersFromZero)
    }
    if own.contains(.checkpoints), let value = fields["checkpoints"] {
      checkpoints = try value.wholeNumber(in: Self.mergeable)
    }
    if own.contains(.cycleTokens) {
      cycleTokens = try fields.required("cycle_tokens").wholeNumber()
    }
  }

  /// From the fewest that stand for a decay to more than any run has need of.
  private static let mergeable = 2...1000

  private mutating func readDecay(_ fields: YAMLFields) throws(DescriptionError) {
    if let value = fields["decay_fraction"] {
      let least = hasTrunk ? 0.0.nextUp : 0
      decayFraction = try value.number(
        "a fraction of the run, \(least > 0 ? "above" : "from") 0 and up to 1"
      ) { $0 >= least && $0 <= 1 }
    }
    guard let value = fields["decay_shape"] else { return }
    decayShape = try value.choice(of: Shape.self)
    guard decayShape != .exponential || floor > 0 else {
      throw value.wrong(expected: "another shape, or with a `floor` above 0 that it can come to")
    }
  }

  /// The keys that mean something for a schedule of `kind`.
  static func keys(of kind: Kind) -> [CodingKeys] {
    switch kind {
    case .wsd: [.kind, .floor, .warmupTokens, .decayFraction, .decayShape]
    case .cosine, .linear, .rex: [.kind, .warmupTokens, .floor]
    case .constant: [.kind, .warmupTokens]
    case .inverseSquareRoot: [.kind, .floor, .warmupTokens, .decayFraction, .decayShape]
    case .power:
      [.kind, .floor, .warmupTokens, .decayFraction, .decayShape, .exponent, .powerTokens]
    case .infinite:
      [.kind, .floor, .warmupTokens, .decayFraction, .decayShape, .plateau, .cooldownTokens]
    case .wsm: [.kind, .floor, .warmupTokens, .decayFraction, .decayShape, .checkpoints]
    case .cyclic: [.kind, .floor, .cycleTokens]
    }
  }
}

extension ScheduleDescription {
  /// Whether it stays at its peak up to what ends a horizon, so that horizons can share that.
  package var hasTrunk: Bool { [.wsd, .wsm].contains(kind) }

  /// Whether what its decay looks like is set.
  package var hasDecayShape: Bool { Self.keys(of: kind).contains(.decayShape) }

  /// What only schedules of its kind have, by the names of a file.
  package var ownSettings: [(name: String, value: Double)] {
    Self.keys(of: kind).compactMap { key in
      let value: Double? =
        switch key {
        case .exponent: exponent
        case .powerTokens: Double(powerTokens)
        case .plateau: plateau
        case .cooldownTokens: Double(cooldownTokens)
        case .cycleTokens: Double(cycleTokens)
        case .checkpoints: Double(checkpoints)
        case .kind, .floor, .warmupTokens, .decayFraction, .decayShape: nil
        }
      return value.map { (key.rawValue, $0) }
    }
  }
}
