import Numerics
import Runs
import ScalingLaws
import Testing

@Suite struct BatchRuleTests {
  @Test(
    "the surge rule rises to its peak at the noise batch and falls beyond it",
    arguments: [(4.0, 1.333), (8, 1.692), (31, 2.096), (62, 1.976)])
  func surge(batch: Double, factor: Double) {
    let found = BatchRule.surge(noiseBatch: 31).factor(from: 2, to: batch)
    // The values are quoted with three decimals.
    #expect(abs(found - factor) < 5e-4)
  }

  @Test("the square-root and the linear rule are what they are called")
  func plain() {
    #expect(BatchRule.squareRoot.factor(from: 2, to: 8) == 2)
    #expect(BatchRule.linear.factor(from: 2, to: 8) == 4)
  }

  @Test("the square-root rule keeps the temperature")
  func temperature() {
    let before = BatchRule.temperature(learningRate: 1e-3, batchTokens: 1e6)
    let rate = 1e-3 * BatchRule.squareRoot.factor(from: 1e6, to: 4e6)
    let after = BatchRule.temperature(learningRate: rate, batchTokens: 4e6)
    #expect(after.isApproximatelyEqual(to: before, relativeTolerance: 1e-12))
  }

  @Test("an anchor is moved by every rule, and one moved too far for Adam's betas says so")
  func anchorTooFar() throws {
    var target = PublishedTarget(TargetModel(params: 1e9, kind: .total), tokens: 2e10)
    let anchor = PublishedAnchor(learningRate: 1e-3, params: 1e9, tokens: 2e10, batchTokens: 1e6)
    #expect(PublishedComparison(target, anchors: [anchor]).batchRules.isEmpty)
    target.batchTokens = 1.1e7
    let moved = PublishedComparison(target, anchors: [anchor]).batchRules
    #expect(moved.map(\.rule) == PublishedBatchRule.all)
    let adam = try #require(moved.first { $0.rule.kind == .adam })
    #expect(adam.learningRate == nil)
    #expect(adam.reason?.contains("a beta would be negative") == true)
    target.batchTokens = 1e6
    #expect(PublishedComparison(target, anchors: [anchor]).batchRules.isEmpty)
  }

  @Test("Adam's settings follow the batch, as far as its betas can")
  func adam() throws {
    let settings = AdamBatchSettings(learningRate: 1e-3, betas: [0.9, 0.95], epsilon: 1e-8)
    let scaled = try #require(settings.scaled(from: 1e6, to: 4e6))
    #expect(scaled.learningRate == 2e-3)
    #expect(scaled.epsilon == 5e-9)
    #expect(abs(scaled.betas[0] - 0.6) < 1e-12)
    #expect(abs(scaled.betas[1] - 0.8) < 1e-12)
    #expect(settings.scaled(from: 1e6, to: 1.1e7) == nil)
  }
}
