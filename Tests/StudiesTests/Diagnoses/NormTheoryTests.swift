import Foundation
import Studies
import Testing

@Suite struct NormTheoryTests {
  @Test("with constant η and λ the steps come to the closed form, whatever their size")
  func closedForm() {
    let (rate, decay, first, growth) = (0.02, 0.3, 0.25, 0.7)
    var square = first
    for step in 1...2000 {
      square = NormTheory.step(square, rate: rate, decay: decay, growth: growth)
      let faded = exp(-2 * rate * decay * Double(step))
      let expected = faded * first + (1 - faded) * rate * growth / (2 * decay)
      #expect(abs(square / expected - 1) < 1e-12, "step \(step)")
    }
    let equilibrium = NormTheory.equilibrium(rate: rate, decay: decay, growth: growth)
    #expect(abs(square.squareRoot() / (equilibrium ?? 0) - 1) < 1e-5)
  }

  @Test("without decay the square grows as ρ₀ + η²t, and there is no equilibrium")
  func growth() {
    var square = 0.01
    for _ in 0..<500 { square = NormTheory.step(square, rate: 0.01, decay: 0, growth: 1) }
    #expect(abs(square - (0.01 + 500 * 1e-4)) < 1e-12)
    #expect(NormTheory.equilibrium(rate: 0.01, decay: 0, growth: 1) == nil)
  }

  @Test(
    "the checked values of the law: η 1e-3 and λ 0.1 come to 7.07e-2 in 5,000 steps a time constant"
  )
  func testVector() throws {
    let level = try #require(NormTheory.equilibrium(rate: 1e-3, decay: 0.1, growth: 1))
    #expect(abs(level - 7.07e-2) < 1e-4)
    var square = 0.0
    for _ in 0..<5000 { square = NormTheory.step(square, rate: 1e-3, decay: 0.1, growth: 1) }
    #expect(abs(square / (level * level) - (1 - exp(-1))) < 1e-9)
  }

  @Test("a tiny decay does not lose its digits")
  func smallDecay() {
    let square = NormTheory.step(1, rate: 1e-6, decay: 1e-12, growth: 1)
    #expect(abs(square - (1 + 1e-12 - 2e-18)) < 1e-15)
  }
}

@Suite struct DirectionMemoryTests {
  /// (Σ w)² / Σ w² of the weights that `count` gradients have in a direction.
  private func ratio(_ weights: [Double], whole: Double) -> Double {
    whole * whole / weights.reduce(0) { $0 + $1 * $1 }
  }

  @Test(
    "noise comes to u = 1 under Adam at every step, its first ones too", arguments: [1, 2, 7, 100])
  func adam(step: Int) {
    let kept = 0.9
    let weights = (0..<step).map {
      (1 - kept) * pow(kept, Double($0)) / (1 - pow(kept, Double(step)))
    }
    let expected = ratio(weights, whole: 1)
    let found = DirectionMemory.correctedMean(kept).accumulation(at: step)
    #expect(abs(found / expected - 1) < 1e-12)
  }

  @Test("sums of gradients, with a look ahead and without", arguments: [false, true])
  func sums(isNesterov: Bool) {
    let (kept, step) = (0.8, 6)
    var weights = (0..<step).map { pow(kept, Double($0)) }
    if isNesterov {
      weights = weights.map { kept * $0 }
      weights[0] += 1
    }
    let expected = ratio(weights, whole: 1 / (1 - kept))
    let found = DirectionMemory.sum(kept, isNesterov: isNesterov).accumulation(at: step)
    #expect(abs(found / expected - 1) < 1e-12)
  }
}
