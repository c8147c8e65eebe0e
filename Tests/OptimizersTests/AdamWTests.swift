import Optimizers
import Parametrizations
import Tensors
import Testing

@Suite struct AdamWTests {
  private let settings = ParameterSettings(
    initStd: 1, learningRate: 0.01, weightDecay: 0.1, epsilon: 1e-3)

  /// Three steps of the rule written out, one scalar at a time.
  @Test("steps are those of the published rule", arguments: Precision.allCases)
  func rule(precision: Precision) throws {
    let (beta1, beta2) = (0.9, 0.95)
    let optimizer = AdamW(beta1: beta1, beta2: beta2)
    let engine = try Engine(precision)
    let count = 37
    let weight = try Storage(precision, count: count)
    let gradient = try Storage(precision, count: count)
    let states = try optimizer.states.map { _ in try Storage(precision, count: count) }
    for index in 0..<count {
      weight.whole[index] = Double(index) / 16 - 1
      gradient.whole[index] = Double(index % 5) / 4 - 0.5
    }
    var expected = (0..<count).map { weight.whole[$0] }
    for step in 1...3 {
      optimizer.update(
        weight.whole, state: states.map(\.whole), gradient: gradient.whole, gradientScale: 0.5,
        settings: settings, step: step, engine)
      for index in 0..<count {
        // With a constant gradient both corrected moments are its own powers.
        let g = 0.5 * (Double(index % 5) / 4 - 0.5)
        expected[index] -= 0.01 * 0.1 * expected[index]
        expected[index] -= 0.01 * g / (abs(g) + 1e-3)
      }
    }
    let tolerance = precision == .single ? 1e-6 : 1e-14
    for index in 0..<count { #expect(abs(weight.whole[index] - expected[index]) < tolerance) }
  }

  @Test("old gradients fade by their betas")
  func moments() throws {
    let optimizer = AdamW(beta1: 0.5, beta2: 0.75)
    let engine = try Engine(.double)
    let (weight, gradient) = (try Storage(.double, count: 1), try Storage(.double, count: 1))
    let states = try optimizer.states.map { _ in try Storage(.double, count: 1) }
    for (step, value) in [4.0, 0].enumerated() {
      gradient.whole[0] = value
      optimizer.update(
        weight.whole, state: states.map(\.whole), gradient: gradient.whole, gradientScale: 1,
        settings: settings, step: step + 1, engine)
    }
    #expect(states[0].whole[0] == 1)
    #expect(states[1].whole[0] == 3)
  }
}
