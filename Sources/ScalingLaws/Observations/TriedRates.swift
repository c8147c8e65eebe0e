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
    /// The mean over seeds, less what those tried here lose more than others at the same rates; `nil`
    /// where one diverged.
    package fileprivate(set) var loss: Double?
    /// The mean of what is lost at the most, which is the first loss.
    fileprivate var cost = Double.infinity
  }

  /// Ascending.
  package private(set) var rates: [Rate]
  /// The median over the runs that know theirs.
  package let initialLoss: Double?

  /// - Parameter runs: Of equal rate and seed the least loss counts, as repeats may be failed runs.
  package init(_ runs: [Run]) {
    let rates = Dictionary(grouping: runs, by: \.learningRate).map { rate, runs in
      Rate(
        learningRate: rate,
        losses: Dictionary(runs.map { ($0.seed ?? "", $0.loss) }) { a, b in
          [a, b].compactMap(\.self).min()
        })
    }.sorted { $0.learningRate < $1.learningRate }
    let initialLoss = runs.compactMap(\.initialLoss).median
    let luck = SeedLuck(
      rates.compactMap { rate in
        let known = rate.losses.compactMapValues(\.self)
        return known.count == rate.losses.count ? known : nil
      })
    self.initialLoss = initialLoss
    self.rates = rates.map { rate in
      var rate = rate
      let losses = rate.losses.sorted { $0.key < $1.key }.map { seed, loss in
        loss.map { $0 - luck.excess(of: seed) }
      }
      let known = losses.compactMap(\.self)
      rate.loss = known.count == losses.count ? known.mean : nil
      rate.cost = losses.map { min($0 ?? .infinity, initialLoss ?? .infinity) }.mean
      return rate
    }
  }

  /// The place in `rates` of the least loss, of those at which no run diverged.
  package var bestIndex: Int? {
    rates.indices.filter { rates[$0].loss != nil }
      .min { (rates[$0].loss ?? .infinity) < (rates[$1].loss ?? .infinity) }
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
    return LearningRateSensitivity(rates.map(\.cost), at: rates.map(\.learningRate))
  }
}
