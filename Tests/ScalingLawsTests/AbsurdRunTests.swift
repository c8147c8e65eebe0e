import Numerics
import Runs
import ScalingLaws
import Testing

/// A table with one wrong number in it gives the answer of the table without.
@Suite(.tags(.slow)) struct AbsurdRunTests {
  /// What one run's loss becomes: a typing error, another unit, another run's number.
  enum Absurdity: CustomTestStringConvertible {
    case times(Double)
    case equal(Double)

    var testDescription: String {
      switch self {
      case .times(let factor): "times \(factor)"
      case .equal(let loss): "\(loss)"
      }
    }

    /// The share of the interval's half width by which the rate to use may move.
    ///
    /// A run that is left out moves it by as much as 0.11 in these sweeps; the rest is for rounding
    /// of the draws and for a neighbour that is judged differently. A loss that is 3 % too low may
    /// stand where its basin rises by 3 %; it is then as low as the best ones, and no more than odd.
    var greatestMove: Double {
      if case .times(let factor) = self, factor < 1, factor > 0.95 { return 0.5 }
      return 0.3
    }

    func loss(insteadOf loss: Double?) -> Double? {
      switch self {
      case .times(let factor): loss.map { $0 * factor }
      case .equal(let absurd): absurd
      }
    }
  }

  /// Losses here differ by 0.05 % by chance, so that 3 % are sixty standard deviations.
  @Test(
    "one absurd loss in any cell at any learning rate does not move the answer",
    arguments: [
      .times(0.5), .times(0.9), .times(0.97), .times(1.05), .times(1.5), .times(10), .equal(.nan),
      .equal(1e9), .equal(1e-9),
    ] as [Absurdity], [UInt64(31), 32])
  func oneRun(absurdity: Absurdity, seed: UInt64) throws {
    var planted = PlantedLaw()
    planted.cellSpread = 0.05
    let runs = planted.runs(
      at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(7, from: 2.5e-4), seed: seed)
    let plain = try answer(to: runs)
    let halfWidth = Double.log(plain.upper / plain.lower) / 2
    var moves: [(place: Int, share: Double)] = []
    // A step without a common factor with the seven rates, so that each comes up in many cells.
    for place in stride(from: Int(seed) % 8, to: runs.count, by: 8) {
      guard let loss = absurdity.loss(insteadOf: runs[place].loss) else { continue }
      var changed = runs
      changed[place].loss = loss
      changed[place].status = .finished
      let moved = try answer(to: changed)
      moves.append((place, .log(moved.learningRate / plain.learningRate) / halfWidth))
    }
    let tooFar = moves.filter { abs($0.share) > absurdity.greatestMove }
      .sorted { abs($0.share) > abs($1.share) }
    let places = tooFar.prefix(5).map { move in
      let run = runs[move.place]
      return "\(Quantity.format(run.params)) params, \(Quantity.format(run.tokens)) tokens, "
        + "rate \(run.learningRate): \((100 * move.share).rounded() / 100) half widths"
    }
    #expect(
      tooFar.isEmpty, "\(tooFar.count) of \(moves.count): \(places.joined(separator: "; "))")
  }

  private func answer(to runs: [RunRecord]) throws -> Recommendation {
    Recommendation(
      try PlantedSweeps.fit(runs, draws: FitOptions.leastDraws),
      at: RunScale(params: 1.2e9, tokens: 2.4e10), confidence: 0.9)
  }
}
