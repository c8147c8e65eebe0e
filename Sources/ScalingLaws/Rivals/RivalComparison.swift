/// Variants of one training, such as optimizers and schedules, beside each other at equal scales.
///
/// Each is judged at its own best learning rate: rates of different rules mean different things.
package struct RivalComparison: Hashable, Codable, Sendable {
  /// A variant, by its number from 1.
  package struct Rival: Hashable, Codable, Sendable {
    package var variant: Int
    package var title: String

    package init(variant: Int, title: String) {
      self.variant = variant
      self.title = title
    }
  }

  /// How a variant does at one scale.
  package struct Standing: Hashable, Codable, Sendable {
    package var variant: Int
    /// The rate of the least loss, of those at which no run diverged; `nil` where there is none.
    package var learningRate: Double?
    /// The mean over seeds, with its standard error: of the held-out text and of the luck of runs.
    package var loss: Double?
    package var standardError: Double?
    /// The loss over the least of all variants, in percent; 0 for the best one.
    package var differencePercent: Double?
    /// Of that difference, over runs of one seed, which see the same data; `nil` where no luck is known.
    package var differenceError: Double?
    /// Whether the best rate is the lowest or the highest tried, so that a better one may lie beyond.
    package var edge: SweepEdge?
    /// What not knowing the rate costs.
    package var sensitivity: LearningRateSensitivity?
    package var runs: Int
    package var divergedRuns: Int
  }

  /// One scale.
  package struct Cell: Hashable, Codable, Sendable {
    package var params: Double
    package var tokens: Double
    package var batchTokens: Double?
    /// The variant of the least loss; `nil` where all diverged.
    package var best: Int?
    /// Whether it is ahead of each other one by more than luck explains, 19 times in 20.
    package var isSure: Bool
    /// By variant.
    package var standings: [Standing]
  }

  /// How a variant's distance from the winner of the largest scale changes.
  package struct Trend: Hashable, Codable, Sendable {
    package var variant: Int
    package var against: Int
    /// What the difference in percent gains for ten times the compute (params times tokens).
    package var percentPerDecade: Double
    package var standardError: Double?
  }

  /// Where the errors of differences come from.
  package enum ErrorSource: String, Codable, Sendable {
    /// Differences between runs of one seed, over seeds, pooled over scales for each two variants.
    case seeds
    /// The scatter of losses around each variant's basins.
    case basins
  }

  package var rivals: [Rival]
  /// By ascending scale; only where two variants at least have ended.
  package var cells: [Cell]
  package var trends: [Trend]
  package var errorSource: ErrorSource?

  /// The title of a variant.
  package func title(_ variant: Int) -> String {
    rivals.first { $0.variant == variant }?.title ?? "variant \(variant)"
  }
}

extension RivalComparison.Standing {
  /// What makes it less sure, in a few words; empty where nothing does.
  package var remark: String {
    [
      edge.map { "\($0.rawValue) rate tried" },
      divergedRuns > 0 ? "\(divergedRuns) of \(runs) diverged" : nil,
    ].compactMap(\.self).joined(separator: ", ")
  }
}
