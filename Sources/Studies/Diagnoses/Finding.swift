/// One thing that a diagnosis has to say: what is seen, how bad it is, and what to do.
package struct Finding: Hashable, Codable, Sendable {
  /// What it asks of the reader.
  package enum Severity: String, CaseIterable, Codable, Comparable, Sendable {
    /// Nothing; good to know.
    case note
    /// To think before the numbers are used.
    case caution
    /// To change something before more is trained like this.
    case danger

    package static func < (left: Severity, right: Severity) -> Bool {
      left.rank < right.rank
    }

    private var rank: Int {
      switch self {
      case .note: 0
      case .caution: 1
      case .danger: 2
      }
    }
  }

  package enum Kind: String, CaseIterable, Codable, Sendable {
    case diverged
    case lossSpikes = "loss_spikes"
    case gradientSpikes = "gradient_spikes"
    case notEquilibrated = "not_equilibrated"
    case unboundedNorm = "unbounded_norm"
    case normOffTheory = "norm_off_theory"
    case attentionLogits = "attention_logits"
    case attentionCollapse = "attention_collapse"
    case outputLogits = "output_logits"
    case largeSteps = "large_steps"
    case largeBatch = "large_batch"
    case noRateTrained = "no_rate_trained"
    case unstableOptimum = "unstable_optimum"
    case optimumAtEdge = "optimum_at_edge"
    case unsettledCells = "unsettled_cells"
    case steadierRate = "steadier_rate"
  }

  /// A number that the finding rests on.
  package struct Evidence: Hashable, Codable, Sendable {
    package var name: String
    package var value: Double

    package init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  package var kind: Kind
  package var severity: Severity
  /// The role, block or cell that it is about; `nil` for the whole.
  package var place: String?
  /// What is seen, in a sentence without its full stop.
  package var seen: String
  /// What it means and what to do.
  package var meaning: String
  /// Where that was published; `nil` where it is our own reasoning.
  package var source: String?
  package var evidence: [Evidence]

  package init(
    _ kind: Kind, _ severity: Severity, at place: String? = nil, seen: String, meaning: String,
    source: String? = nil, evidence: [Evidence]
  ) {
    self.kind = kind
    self.severity = severity
    self.place = place
    self.seen = seen
    self.meaning = meaning
    self.source = source
    self.evidence = evidence.filter(\.value.isFinite)
  }
}

extension [Finding] {
  /// The worst first; those of one severity in the order in which their rules are listed.
  package var ranked: [Finding] {
    Finding.Severity.allCases.reversed().flatMap { severity in
      filter { $0.severity == severity }
    }
  }
}
