/// The learning rates tried with one recipe at one scale, and what came of each.
package struct TriedRates: Sendable {
  /// A run that has ended.
  package struct Run: Sendable {
    package var learningRate: Double
    package var seed: String?
    /// At its end, in nats; `nil` when it diverged.
    package var loss: Double?
    /// Before its first step, where known.
    package var initialLoss: Double?

    package init(learningRate: Double, seed: String?, loss: Double?, initialLoss: Double?) {
      self.learningRate = learningRate
      self.seed = seed
      self.loss = loss
      self.initialLoss = initialLoss
    }
  }

  /// The runs at one rate.
  package struct Rate: Sendable {
    package var learningRate: Double
    /// By seed; `nil` for a run that diverged.
    package var losses: [String: Double?]

    /// The mean over seeds; `nil` where one diverged.
    package var loss: Double? { mean(of: losses.keys) }

    fileprivate func mean(of seeds: some Collection<String>) -> Double? {
      let known = seeds.compactMap { losses[$0].flatMap(\.self) }.sorted()
      return known.count == seeds.count && !known.isEmpty
        ? known.reduce(0, +) / Double(known.count) : nil
    }

    /// The mean over `seeds` of what is lost at the most, which is the first loss.
    fileprivate func cost(of seeds: some Collection<String>, initialLoss: Double) -> Double {
      let costs = seeds.map { min(losses[$0].flatMap(\.self) ?? .infinity, initialLoss) }
      return costs.sorted().reduce(0, +) / Double(costs.count)
    }
  }

  /// Ascending.
  package let rates: [Rate]
  /// The median over the runs that know theirs.
  package let initialLoss: Double?
  /// The place in `rates` of the least mean loss, of those at which no run diverged.
  package let bestIndex: Int?
  /// Those with a run at every rate, so that rates are compared at equal luck.
  private let sharedSeeds: Set<String>

  /// - Parameter runs: Of equal rate and seed the least loss counts, as repeats may be failed runs.
  package init(_ runs: [Run]) {
    let rates = Dictionary(grouping: runs, by: \.learningRate).map { rate, runs in
      Rate(
        learningRate: rate,
        losses: Dictionary(runs.map { ($0.seed ?? "", $0.loss) }) { a, b in
          [a, b].compactMap(\.self).min()
        })
    }.sorted { $0.learningRate < $1.learningRate }
    let seeds = rates.map { Set($0.losses.keys) }
    let shared = seeds.dropFirst().reduce(seeds.first ?? []) { $0.intersection($1) }
    self.rates = rates
    sharedSeeds = shared
    initialLoss = runs.compactMap(\.initialLoss).median
    let means = rates.map { rate in
      rate.loss.flatMap { shared.isEmpty ? $0 : rate.mean(of: shared) }
    }
    bestIndex = means.indices.filter { means[$0] != nil }
      .min { (means[$0] ?? .infinity) < (means[$1] ?? .infinity) }
  }

  package var best: Rate? { bestIndex.map { rates[$0] } }

  /// Which end of the rates the best one is at; a rate at which runs diverge bounds it as a worse loss
  /// does.
  package var edge: SweepEdge? {
    guard let bestIndex, rates.count > 1 else { return nil }
    return bestIndex == rates.count - 1 ? .highest : bestIndex == 0 ? .lowest : nil
  }

  /// `nil` comes of fewer than two rates, of none that trained, and of an unknown first loss where a run
  /// diverged.
  package var sensitivity: LearningRateSensitivity? {
    guard bestIndex != nil else { return nil }
    let costs = rates.map { rate in
      rate.cost(
        of: sharedSeeds.isEmpty ? Set(rate.losses.keys) : sharedSeeds,
        initialLoss: initialLoss ?? .infinity)
    }
    return LearningRateSensitivity(costs, at: rates.map(\.learningRate))
  }
}
