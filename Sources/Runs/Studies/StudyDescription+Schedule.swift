extension StudyDescription {
  /// The learning rate along a run, as a fraction of its peak.
  package struct Schedule: Hashable, Codable, Sendable {
    package enum Kind: String, CaseIterable, Codable, Sendable {
      /// Warm-up, then the peak, then a decay over the end.
      case wsd
      /// A decay over all that follows the warm-up, along a cosine or a line.
      case cosine, linear
      /// The peak from the end of the warm-up to that of the run.
      case constant
    }

    package enum Shape: String, CaseIterable, Codable, Sendable {
      case linear, cosine
      /// One minus the square root of the way done (Hägele et al. 2024, arXiv 2405.18392).
      case squareRoot = "sqrt"
    }

    package var kind = Kind.wsd
    package var warmupTokens = 200_000
    /// The part of each horizon that a `wsd` schedule decays in; 0 for the other kinds.
    package var decayFraction = 0.2
    package var decayShape = Shape.linear
    /// What the decay ends at.
    package var floor = 0.0
    /// Whether a model's horizons branch off one run at the peak; only a `wsd` schedule can.
    package var sharesTrunk = true

    package init() {}
  }
}

extension StudyDescription.Schedule {
  init(_ value: YAMLValue) throws(DescriptionError) {
    let fields = try YAMLFields(
      value,
      known: ["kind", "warmup_tokens", "decay_fraction", "decay_shape", "floor", "share_trunk"])
    if let value = fields["kind"] { kind = try value.choice(of: Kind.self) }
    if let value = fields["warmup_tokens"] {
      warmupTokens = try value.wholeNumber(in: 0...YAMLValue.wholeNumbers.upperBound)
    }
    if let value = fields["floor"] {
      floor = try value.number("a fraction of the peak, from 0 to below 1") { (0..<1).contains($0) }
    }
    if kind == .wsd {
      try readDecay(fields)
      return
    }
    (decayFraction, sharesTrunk) = (0, false)
    if kind == .cosine { decayShape = .cosine }
    let own = ["kind", "warmup_tokens"] + (kind == .constant ? [] : ["floor"])
    try fields.allow(only: own, for: "a \(kind.rawValue) schedule")
  }

  private mutating func readDecay(_ fields: YAMLFields) throws(DescriptionError) {
    if let value = fields["decay_fraction"] {
      decayFraction = try value.number("a fraction of the run, above 0 and up to 1") {
        $0 > 0 && $0 <= 1
      }
    }
    if let value = fields["decay_shape"] { decayShape = try value.choice(of: Shape.self) }
    if let value = fields["share_trunk"] { sharesTrunk = try value.flag() }
  }
}
