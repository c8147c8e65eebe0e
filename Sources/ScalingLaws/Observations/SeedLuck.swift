/// How much more each seed loses than the mean of all, whatever was tried with it.
///
/// The least squares of losses as a part of what was tried plus a part of the seed, so that what fewer
/// seeds were tried at is not the best, or the worst, by these.
struct SeedLuck {
  private var excess: [String: Double] = [:]

  /// - Parameter rates: By what was tried, the losses by seed.
  init(_ rates: [[String: Double]]) {
    let seeds = Set(rates.flatMap(\.keys)).sorted()
    // Where all was tried with the same seeds the means are equally lucky.
    let rates = rates.filter { !$0.isEmpty }
    guard !rates.allSatisfy({ $0.count == seeds.count }) else { return }
    excess = Dictionary(uniqueKeysWithValues: seeds.map { ($0, 0) })
    for _ in 0..<Self.mostRounds {
      let means = rates.map { mean(of: $0) ?? 0 }
      var next = seeds.map { seed in
        zip(rates, means).compactMap { losses, mean in losses[seed].map { $0 - mean } }.mean
      }
      let middle = next.mean
      for place in next.indices { next[place] -= middle }
      let moved = zip(seeds, next).map { abs(excess(of: $0) - $1) }.max() ?? 0
      excess = Dictionary(uniqueKeysWithValues: zip(seeds, next))
      if moved < Self.tolerance { return }
    }
  }

  /// Rounds of taking one part after the other halve what is left, or better, where rates share seeds.
  private static let mostRounds = 200
  /// In nats; far below what an evaluation can tell.
  private static let tolerance = 1e-10

  func excess(of seed: String) -> Double { excess[seed] ?? 0 }

  /// The mean of `losses` as it would be of all seeds; `nil` of none.
  func mean(of losses: [String: Double]) -> Double? {
    losses.isEmpty
      ? nil : losses.sorted { $0.key < $1.key }.map { $1 - excess(of: $0) }.mean
  }
}

extension [Double] {
  /// - Precondition: There are some.
  var mean: Double { reduce(0, +) / Double(count) }
}
