import Foundation
import ScalingLaws
import Testing

@Suite struct TriedRatesTests {
  private func run(
    _ rate: Double, _ loss: Double?, seed: String? = "0", initial: Double? = 5
  ) -> TriedRates.Run {
    TriedRates.Run(learningRate: rate, seed: seed, loss: loss, initialLoss: initial)
  }

  private func tried(
    _ losses: [(rate: Double, loss: Double?)], initial: Double? = 5
  ) -> TriedRates {
    TriedRates(losses.map { run($0.rate, $0.loss, initial: initial) })
  }

  @Test("sensitivity is the mean of losses less the least, none above the first loss")
  func sensitivity() throws {
    let found = try #require(tried([(1, 2), (10, 3), (100, 4), (1000, nil)]).sensitivity)
    #expect(abs(found.value - ((2 + 3 + 4 + 5) / 4.0 - 2)) < 1e-12)
    #expect(found.lowestRate == 1 && found.highestRate == 1000 && found.rates == 4)
    #expect(found.isEven && abs(found.decades - 3) < 1e-12)
    #expect(tried([(1, 2), (10, 3), (1000, 4)]).sensitivity?.isEven == false)
    // A loss above that of a guess costs no more than one.
    let high = try #require(tried([(1, 2), (10, 50)]).sensitivity)
    #expect(abs(high.value - 1.5) < 1e-12)
    #expect(tried([(1, 2), (10, nil)], initial: nil).sensitivity == nil)
    #expect(tried([(1, 2), (10, 3)], initial: nil).sensitivity?.value == 0.5)
    #expect(tried([(1, 2)]).sensitivity == nil)
    #expect(tried([(1, nil), (10, nil)]).sensitivity == nil)
  }

  @Test("a seed that diverged costs what one run costs, and its rate is not the best")
  func oneSeedLost() throws {
    let rates = TriedRates([
      run(1, 3), run(1, 3.2, seed: "1"), run(2, 2), run(2, nil, seed: "1"), run(4, 3.1),
      run(4, 3.3, seed: "1"),
    ])
    #expect(rates.best?.learningRate == 1)
    let found = try #require(rates.sensitivity)
    #expect(abs(found.value - ((3.1 + 3.5 + 3.2) / 3 - 3.1)) < 1e-12)
  }

  @Test("what a seed loses more at other rates is taken off where only some were tried")
  func unevenSeeds() throws {
    // By the mean of whatever ended the middle would lose, to a seed that is worse everywhere.
    let runs = [
      run(1, 3), run(2, 2.9), run(4, 3.1), run(1, 3.5, seed: "1"), run(2, 3.4, seed: "1"),
      run(2, 3.2, seed: "2"), run(4, 3.4, seed: "2"),
    ]
    let rates = TriedRates(runs)
    #expect(rates.bestIndex == 1)
    // Seed 1 loses half a nat more than seed 0, and seed 2 0.3 nats: the mean of the seeds is 0.8 / 3 above.
    let losses = rates.rates.compactMap(\.loss)
    for (loss, expected) in zip(losses, [3, 2.9, 3.1]) {
      #expect(abs(loss - expected - 0.8 / 3) < 1e-8, "\(loss)")
    }
    #expect(abs(try #require(rates.sensitivity).value - 0.1) < 1e-8)
    #expect(TriedRates(runs.reversed()).rates.map(\.loss) == rates.rates.map(\.loss))
    // No rate has a seed of another: what there is.
    #expect(TriedRates([run(1, 3), run(2, 2.9, seed: "1")]).best?.loss == 2.9)
    #expect(TriedRates([run(1, 3), run(2, 2.5), run(2, 2.7, seed: "1")]).bestIndex == 1)
  }

  @Test("an edge is where no rate beyond the best was tried, were it one that diverges")
  func edge() {
    #expect(tried([(1, 2), (2, 3), (4, 4)]).edge == .lowest)
    #expect(tried([(1, 4), (2, 3), (4, 2)]).edge == .highest)
    #expect(tried([(1, 4), (2, 3), (4, nil)]).edge == nil)
    #expect(tried([(1, 4)]).edge == nil)
    #expect(tried([(1, nil), (2, nil)]).edge == nil)
  }

  @Test("of runs without a seed the best counts")
  func repeats() {
    let rates = TriedRates([
      run(1, 3, seed: nil), run(1, nil, seed: nil), run(1, 2.5, seed: nil), run(2, 2.8, seed: nil),
    ])
    #expect(rates.best?.learningRate == 1 && rates.best?.loss == 2.5)
  }
}
