import Foundation
import ScalingLaws
import Testing

/// Brackets of learning rates from runs whose rate rises.
@Suite struct RateBracketTests {
  /// A loss that falls most at 1e-3, is least at about 1e-2 and is lost soon after.
  private func steps(upTo last: Double = 1, lostAt lost: Double? = nil) -> [RateBracket.Step] {
    let count = 200
    return (0..<count).map { index in
      let rate = 1e-5 * pow(last / 1e-5, Double(index) / Double(count - 1))
      let place = log10(rate)
      let fall = 2 / (1 + exp(-4 * (place + 3)))
      let rise = exp(6 * (place + 1.2))
      let isLost = lost.map { rate > $0 } ?? false
      let loss = 5 - fall + min(rise, 10) + 0.02 * sin(Double(index * index))
      return RateBracket.Step(learningRate: rate, loss: isLost ? .nan : loss)
    }
  }

  @Test("a bracket goes from below the steepest fall to where the loss has risen")
  func bracket() throws {
    let bracket = try RateBracket(steps())
    #expect(bracket.steepest > 7e-4 && bracket.steepest < 1.4e-3)
    #expect(bracket.from <= bracket.steepest / 3)
    let risen = try #require(bracket.risen)
    #expect(risen > bracket.lowest)
    #expect(bracket.to > 1e-2 && bracket.to < 0.1)
    #expect(!bracket.startsTooHigh)
    // No more than a factor of two from one rate to the next.
    #expect(pow(2, Double(bracket.points - 1)) >= bracket.to / bracket.from)
  }

  @Test("a run that is lost ends its bracket there")
  func lost() throws {
    let bracket = try RateBracket(steps(lostAt: 5e-3))
    #expect(try #require(bracket.risen) < 6e-3)
  }

  @Test("a run that bears every rate says so")
  func open() throws {
    #expect(try RateBracket(steps(upTo: 5e-3)).risen == nil)
  }

  @Test("runs that bracket nothing are refused")
  func refused() {
    #expect(throws: RateBracketError.self) {
      try RateBracket(steps(upTo: 1e-4))
    }
    #expect(throws: RateBracketError.tooFewSteps(20, lost: false, needed: 40)) {
      try RateBracket(Array(steps().prefix(20)))
    }
  }
}
