import RealModule
package import ScalingLaws

/// The runs of one model, horizon, batch, optimizer and schedule, over learning rates.
package struct CellDiagnosis: Sendable {
  /// The runs at one rate, of all seeds.
  package struct Rate: Sendable {
    package var learningRate: Double
    /// The mean over seeds; `nil` where one diverged.
    package var loss: Double?
    package var diverged: Int
    package var spiked: Int
    package var runs: Int
    package var decaySum: Double?
    package var displacement: Double?
    package var rateOverNorm: Double?

    /// The worst that became of a run.
    package var fate: Fate { diverged > 0 ? .diverged : spiked > 0 ? .spiked : .trained }
  }

  package enum Fate: String, Sendable {
    case trained, spiked, diverged
  }

  /// Where the loss is least, and what the effective rates are there.
  package struct Optimum: Hashable, Codable, Sendable {
    package var learningRate: Double
    package var displacement: Double?
    package var rateOverNorm: Double?
  }

  package let place: CellPlace
  package let isHeldOut: Bool
  /// Ascending.
  package let rates: [Rate]
  /// What the rates came to.
  package let tried: TriedRates

  /// Of the runs that have ended; `nil` where none has.
  init?(_ place: CellPlace, _ runs: [StudiedRun]) {
    let ended = runs.filter(\.hasEnded)
    guard !ended.isEmpty else { return nil }
    self.place = place
    isHeldOut = ended.allSatisfy(\.isHeldOut)
    let runsByRate = Dictionary(grouping: ended, by: \.learningRate)
    tried = TriedRates(ended.map(TriedRates.Run.init))
    rates = tried.rates.map { Rate($0, runsByRate[$0.learningRate] ?? []) }
  }

  package var best: Rate? { tried.bestIndex.map { rates[$0] } }
  /// The next rate above the best one; `nil` where none was tried.
  package var nextHigher: Rate? {
    tried.bestIndex.flatMap { $0 + 1 < rates.count ? rates[$0 + 1] : nil }
  }

  /// By the parabola through the least loss and its neighbours, in the log of the rate; `nil` where a
  /// neighbour is missing or diverged.
  package var optimum: Optimum? {
    guard let index = tried.bestIndex, index > 0, index + 1 < rates.count,
      let below = rates[index - 1].loss, let least = rates[index].loss,
      let above = rates[index + 1].loss
    else { return nil }
    let logs = rates[index - 1...index + 1].map { Double.log($0.learningRate) }
    let (left, right) = (logs[1] - logs[0], logs[2] - logs[1])
    let (fall, rise) = ((least - below) / left, (above - least) / right)
    guard rise > fall else { return nil }
    // Where the parabola's slope is zero, which neighbours no lower than the middle keep between them.
    let place =
      logs[1] - (fall * right + rise * left) / (left + right) / (2 * (rise - fall) / (left + right))
    func interpolated(_ value: (Rate) -> Double?) -> Double? {
      let ends = place < logs[1] ? (index - 1, index) : (index, index + 1)
      guard let low = value(rates[ends.0]), let high = value(rates[ends.1]), low > 0, high > 0
      else { return nil }
      let base = Double.log(rates[ends.0].learningRate)
      let share = (place - base) / (.log(rates[ends.1].learningRate) - base)
      return .exp((1 - share) * .log(low) + share * .log(high))
    }
    return Optimum(
      learningRate: .exp(place), displacement: interpolated(\.displacement),
      rateOverNorm: interpolated(\.rateOverNorm))
  }
}

extension CellDiagnosis.Rate {
  fileprivate init(_ tried: TriedRates.Rate, _ runs: [StudiedRun]) {
    func mean(_ value: (StudiedRun) -> Double?) -> Double? {
      let values = runs.compactMap(value)
      return values.count == runs.count ? values.reduce(0, +) / Double(values.count) : nil
    }
    learningRate = tried.learningRate
    loss = tried.loss
    diverged = runs.count { $0.hasDiverged }
    spiked = runs.count { $0.spikes > 0 }
    self.runs = runs.count
    decaySum = mean(\.decaySum)
    displacement = mean(\.displacement)
    rateOverNorm = mean(\.rateOverNorm)
  }
}

extension TriedRates.Run {
  fileprivate init(_ run: StudiedRun) {
    self.init(
      learningRate: run.learningRate, seed: run.seed, loss: run.loss, initialLoss: run.initialLoss)
  }
}
