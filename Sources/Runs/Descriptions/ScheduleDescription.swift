/// The learning rate along a run, as a fraction of its peak.
package struct ScheduleDescription: Hashable, Sendable {
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

  package var kind: Kind
  package var warmupTokens = 200_000
  /// The part of each horizon that a `wsd` schedule decays in; 0 for the other kinds.
  package var decayFraction: Double
  package var decayShape: Shape
  /// What the decay ends at.
  package var floor = 0.0

  package init(_ kind: Kind = .wsd) {
    self.kind = kind
    decayFraction = kind == .wsd ? 0.2 : 0
    decayShape = kind == .cosine ? .cosine : .linear
  }
}

extension ScheduleDescription {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, floor
    case warmupTokens = "warmup_tokens"
    case decayFraction = "decay_fraction"
    case decayShape = "decay_shape"
  }

  static let keys = CodingKeys.allCases.map(\.rawValue)

  /// Reads `fields`, which may hold more than `keys`: what a kind of file says of a `wsd` schedule.
  init(_ fields: YAMLFields) throws(DescriptionError) {
    self.init(try fields["kind"]?.choice(of: Kind.self) ?? .wsd)
    if let value = fields["warmup_tokens"] {
      warmupTokens = try value.wholeNumber(in: YAMLValue.wholeNumbersFromZero)
    }
    if let value = fields["floor"] {
      floor = try value.number("a fraction of the peak, from 0 to below 1") { (0..<1).contains($0) }
    }
    guard kind == .wsd else {
      let own = Self.keys(of: kind).map(\.rawValue)
      try fields.allow(only: own, for: "a \(kind.rawValue) schedule")
      return
    }
    if let value = fields["decay_fraction"] {
      decayFraction = try value.number("a fraction of the run, above 0 and up to 1") {
        $0 > 0 && $0 <= 1
      }
    }
    if let value = fields["decay_shape"] { decayShape = try value.choice(of: Shape.self) }
  }

  /// The keys that mean something for a schedule of `kind`.
  static func keys(of kind: Kind) -> [CodingKeys] {
    switch kind {
    case .wsd: CodingKeys.allCases
    case .cosine, .linear: [.kind, .warmupTokens, .floor]
    case .constant: [.kind, .warmupTokens]
    }
  }
}
