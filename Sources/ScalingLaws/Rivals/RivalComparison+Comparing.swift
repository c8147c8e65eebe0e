import RealModule
package import Runs

extension RivalComparison {
  /// The runs of one variant.
  package struct Entrant: Sendable {
    package var rival: Rival
    /// Runs that ended; those that diverged too.
    package var records: [RunRecord]
    /// The scatter of the logarithm of a loss around its basin; `nil` where no law was fitted.
    package var noise: Double?

    package init(rival: Rival, records: [RunRecord], noise: Double?) {
      self.rival = rival
      self.records = records
      self.noise = noise
    }
  }

  /// Compares the variants wherever two of them or more have ended.
  package init(_ entrants: [Entrant]) {
    rivals = entrants.map(\.rival)
    let bests = entrants.map { Dictionary(grouping: $0.records, by: \.scale) }
    let scales = Set(bests.flatMap(\.keys)).filter { scale in
      bests.count { $0[scale] != nil } > 1
    }.sorted()
    let contests = scales.map { scale in
      Contest(
        scale: scale,
        sides: zip(entrants, bests).compactMap { entrant, runs in
          runs[scale].map { Side(entrant.rival.variant, $0, noise: entrant.noise) }
        })
    }
    let luck = Luck(contests)
    errorSource = luck.source
    cells = contests.map { $0.cell(luck) }
    trends = Self.trends(of: cells)
  }

  /// One variant at one scale.
  fileprivate struct Side {
    let variant: Int
    let noise: Double?
    let runs: Int
    let divergedRuns: Int
    let tried: TriedRates
    let evaluationError: Double?

    init(_ variant: Int, _ records: [RunRecord], noise: Double?) {
      self.variant = variant
      self.noise = noise
      runs = records.count
      divergedRuns = records.count(where: \.hasDiverged)
      let tried = TriedRates(records.map(TriedRates.Run.init))
      self.tried = tried
      evaluationError = records.filter { $0.learningRate == tried.best?.learningRate }
        .compactMap(\.lossStandardError).max()
    }

    /// At the best rate, by seed.
    var bestLosses: [String: Double] { (tried.best?.losses ?? [:]).compactMapValues(\.self) }
  }

  /// The variants at one scale.
  fileprivate struct Contest {
    let scale: RunScale
    let sides: [Side]

    func cell(_ luck: Luck) -> Cell {
      let seeds = SeedLuck(sides.map(\.bestLosses))
      let losses = sides.map { seeds.mean(of: $0.bestLosses) }
      let first = sides.indices.filter { losses[$0] != nil }
        .min { (losses[$0] ?? .infinity) < (losses[$1] ?? .infinity) }
      let winner = first.map { (side: sides[$0], loss: losses[$0] ?? .infinity) }
      var isSure = winner != nil
      let standings = zip(sides, losses).map { side, loss in
        var standing = Standing(
          variant: side.variant, learningRate: side.tried.best?.learningRate, loss: loss,
          edge: side.tried.edge, sensitivity: side.tried.sensitivity, runs: side.runs,
          divergedRuns: side.divergedRuns)
        guard let loss, let (winner, least) = winner else { return standing }
        standing.standardError = luck.error(of: side, loss: loss)
        standing.differencePercent = 0
        guard side.variant != winner.variant else { return standing }
        standing.differencePercent = 100 * (loss / least - 1)
        let difference = luck.difference(side, winner)
        standing.differenceError = difference.map { 100 * $0.error }
        let isBehind = difference.map { .log(loss / least) > $0.sureDeviations * $0.error }
        isSure = isSure && isBehind == true
        return standing
      }
      return Cell(
        params: scale.params, tokens: scale.tokens, batchTokens: scale.batchTokens,
        best: winner?.side.variant, isSure: isSure, standings: standings)
    }
  }

  /// How much luck there is in losses, pooled over scales, as logarithms.
  fileprivate struct Luck {
    private(set) var source: ErrorSource?
    /// Of one run's loss.
    private var single = Pool()
    /// Of the difference of two variants' runs of one seed, by the two: some share more of their luck
    /// than others do.
    private var pairs: [Set<Int>: Pool] = [:]

    init(_ contests: [Contest]) {
      let rivals = (contests.map(\.sides.count).max() ?? 2) - 1
      sure = 1 - Self.wrongly / Double(2 * max(rivals, 1))
      for contest in contests {
        for (place, side) in contest.sides.enumerated() {
          single.add(side.bestLosses.values.sorted().map { .log($0) })
          for other in contest.sides[..<place] {
            let shared = side.bestLosses.keys.filter { other.bestLosses[$0] != nil }
            pairs[[side.variant, other.variant], default: Pool()].add(
              shared.sorted().map {
                .log((side.bestLosses[$0] ?? 1) / (other.bestLosses[$0] ?? 1))
              })
          }
        }
      }
      if pairs.values.contains(where: { $0.degrees > 0 }) {
        source = .seeds
      } else if contests.contains(where: { $0.sides.contains { $0.noise != nil } }) {
        source = .basins
      }
    }

    func error(of side: Side, loss: Double) -> Double? {
      let evaluation = side.evaluationError
      let relative: Double? =
        source == .seeds
        ? single.deviation / Double(max(side.bestLosses.count, 1)).squareRoot() : side.noise
      guard evaluation != nil || relative != nil else { return nil }
      let (a, b) = (evaluation ?? 0, (relative ?? 0) * loss)
      return (a * a + b * b).squareRoot()
    }

    /// Of the logarithm of the ratio of two losses, and how many errors luck exceeds once in twenty times.
    func difference(_ side: Side, _ winner: Side) -> (error: Double, sureDeviations: Double)? {
      if source == .seeds {
        guard let pool = pairs[[side.variant, winner.variant]], pool.degrees > 0 else { return nil }
        let seeds = side.bestLosses.keys.count { winner.bestLosses[$0] != nil }
        guard seeds > 0 else { return nil }
        return (
          pool.deviation / Double(seeds).squareRoot(),
          studentQuantile(sure, degrees: pool.degrees)
        )
      }
      guard let a = side.noise, let b = winner.noise else { return nil }
      return ((a * a + b * b).squareRoot(), normalQuantile(sure))
    }

    /// How often one of equal rivals is called surely the best.
    ///
    /// The data choose the winner, which may be either of two, and it is tested against each of the others.
    private static let wrongly = 0.05
    private let sure: Double
  }

  /// Deviations from means, pooled.
  fileprivate struct Pool {
    private var squares = 0.0
    private(set) var degrees = 0

    mutating func add(_ values: [Double]) {
      guard values.count > 1 else { return }
      let mean = values.reduce(0, +) / Double(values.count)
      squares += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      degrees += values.count - 1
    }

    var deviation: Double { degrees > 0 ? (squares / Double(degrees)).squareRoot() : 0 }
  }
}

extension RunRecord {
  fileprivate var scale: RunScale {
    RunScale(params: params, tokens: tokens, batchTokens: batchTokens)
  }
}

extension TriedRates.Run {
  fileprivate init(_ record: RunRecord) {
    self.init(
      learningRate: record.learningRate, seed: record.seed,
      loss: record.hasDiverged ? nil : record.loss,
      // A model that knows nothing guesses evenly.
      initialLoss: record.initialLoss ?? record.vocabulary.map { .log(Double($0)) })
  }
}
