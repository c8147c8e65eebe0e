import Numerics
import Runs
import ScalingLaws
import Testing

/// Published laws at points whose values are known, to the digits they are quoted with.
@Suite struct PublishedLawTests {
  /// A dense model counted as a law counts, so that N is `params` for each.
  private func target(_ params: Double, _ tokens: Double) -> PublishedTarget {
    PublishedTarget(TargetModel(params: params, kind: .nonEmbedding), tokens: tokens)
  }

  private func law(_ id: String) throws -> PublishedLaw {
    try #require(PublishedLaw.all.first { $0.id == id })
  }

  private func answer(
    _ id: String, _ target: PublishedTarget, _ anchors: [PublishedAnchor] = []
  ) throws -> PublishedAnswer {
    PublishedAnswer(try law(id), for: target, anchors: anchors)
  }

  /// The target whose compute, 6 N D, is `compute`.
  private func target(compute: Double) -> PublishedTarget { target(compute / 6e10, 1e10) }

  @Test(
    "rate and batch are those of the test vectors",
    arguments: [
      ("step-law", 1e9, 1e11, 1.632499e-03, 1.107715e+06),
      ("porian", 1e9, 1e11, 2.129128e-03, 1.608570e+06),
      ("bjorck", 7e9, 1e12, 1.086323e-04, nil), ("bjorck", 1e9, 1e11, 3.550845e-04, nil),
      ("kaplan", 1e9, 1e11, 3.481044e-04, nil),
    ] as [(String, Double, Double, Double, Double?)])
  func vectors(id: String, params: Double, tokens: Double, rate: Double, batch: Double?) throws {
    let answer = try answer(id, target(params, tokens))
    let found = try #require(answer.learningRate)
    // The vectors have seven digits.
    #expect(found.isApproximatelyEqual(to: rate, relativeTolerance: 1e-6))
    #expect((answer.batchTokens == nil) == (batch == nil))
    if let batch, let found = answer.batchTokens {
      #expect(found.isApproximatelyEqual(to: batch, relativeTolerance: 1e-6))
    }
  }

  @Test(
    "laws of compute are those of the test vectors",
    arguments: [
      ("deepseek", 1e20, 9.859982e-04, 1.017145e+06),
      ("deepseek", 3e20, 8.594804e-04, 1.456965e+06), ("ling", 1e20, 1.012881e-03, 1.346975e+06),
    ])
  func compute(id: String, compute: Double, rate: Double, batch: Double) throws {
    let answer = try answer(id, target(compute: compute))
    let found = try #require(answer.learningRate)
    #expect(found.isApproximatelyEqual(to: rate, relativeTolerance: 1e-6))
    let foundBatch = try #require(answer.batchTokens)
    #expect(foundBatch.isApproximatelyEqual(to: batch, relativeTolerance: 1e-6))
  }

  @Test(
    "the law of sparsity is that of the test vectors",
    arguments: [
      (1.0 / 64, 6.909074e-04, 5.843647e+06), (1.0 / 32, 7.592592e-04, 5.512738e+06),
      (1, 1.216861e-03, 4.118928e+06),
    ])
  func sparsity(share: Double, rate: Double, batch: Double) throws {
    let params = 3e20 / (6 * 159e9)
    var target = PublishedTarget(
      TargetModel(
        params: 12e9, kind: .nonEmbedding, activeParams: params, activeShare: share),
      tokens: 159e9)
    target.optimizer = .muon
    let answer = try answer("moe-sparsity", target)
    let found = try #require(answer.learningRate)
    #expect(found.isApproximatelyEqual(to: rate, relativeTolerance: 1e-6))
    let foundBatch = try #require(answer.batchTokens)
    #expect(foundBatch.isApproximatelyEqual(to: batch, relativeTolerance: 1e-6))
    #expect(answer.isComparable)
  }

  @Test("the law of Zhou et al. answers around an anchor, as its vector says, and never without")
  func zhou() throws {
    let anchor = PublishedAnchor(learningRate: 3e-4, params: 0.98e9, tokens: 20.37e9)
    let anchored = try answer("zhou", target(2e9, 300e9), [anchor])
    let rate = try #require(anchored.anchored?.value)
    #expect(rate.isApproximatelyEqual(to: 9.965036e-05, relativeTolerance: 1e-6))
    #expect(anchored.learningRate == nil)
    #expect(anchored.anchored?.scale == nil)
    for (params, tokens) in [(1e9, 1e11), (1.3e9, 5e11), (12e9, 5e11)] {
      let bare = try answer("zhou", target(params, tokens))
      #expect(bare.bestRate == nil)
      #expect(bare.status == .needs)
      #expect(bare.needs == ["--anchor"])
    }
  }

  @Test("MiniCPM's batch is its test vector, and without the loss it says what it needs")
  func miniCPM() throws {
    var target = target(1e9, 1e11)
    let bare = try answer("minicpm", target)
    #expect(bare.batchTokens == nil)
    #expect(bare.needs == ["--loss"])
    target.loss = 2.8
    let batch = try #require(try answer("minicpm", target).batchTokens)
    #expect(batch.isApproximatelyEqual(to: 1.961188e+06, relativeTolerance: 1e-6))
  }

  @Test("Marin's rate is its test vector, and its cap holds")
  func marin() throws {
    var target = target(1e9, 1e11)
    target.batchTokens = 256 * 4096
    let rate = try #require(try answer("marin", target).learningRate)
    #expect(rate.isApproximatelyEqual(to: 4.166319e-03, relativeTolerance: 1e-6))
    let short = try answer("marin", target.at(tokens: 1e9))
    #expect(short.learningRate == 0.01)
  }

  @Test("nanochat's batch is its test vector, rounded to a power of two")
  func nanochat() throws {
    let anchor = PublishedAnchor(learningRate: 1e-3, params: 1e8, tokens: 1e9)
    let answer = try answer("nanochat", target(1e9, 4e9), [anchor])
    #expect(answer.batchTokens == 1_048_576)
    let rate = try #require(answer.anchored?.value)
    #expect(rate.isApproximatelyEqual(to: 1e-3 * 2.0.squareRoot(), relativeTolerance: 1e-12))
    // Twice the batch and four times the tokens: sqrt(2) / 4.
    #expect(answer.notes.contains { $0.message.contains("multiplied by 0.354") })
  }

  /// The laws side by side, C as 6 N D and N as given, to the two digits of the table.
  @Test(
    "the laws agree with the published comparison of them",
    arguments: [
      (1e8, 2e9, [2.5e-3, 1.7e-3, 2.1e-3, 4.9e-3, 6.7e-4, 2.0e-3]),
      (1e9, 1e11, [1.6e-3, 7.9e-4, 3.6e-4, 2.1e-3, 3.5e-4, 7.7e-4]),
      (1.3e9, 5e11, [2.2e-3, 6.2e-4, 2.0e-4, 1.9e-3, 3.1e-4, 5.8e-4]),
      (7e9, 2e12, [1.0e-3, 4.3e-4, 8.7e-5, 1.1e-3, 7.7e-5, 3.6e-4]),
    ] as [(Double, Double, [Double])])
  func sideBySide(params: Double, tokens: Double, rates: [Double]) throws {
    let ids = ["step-law", "deepseek", "bjorck", "porian", "kaplan", "ling"]
    for (id, rate) in zip(ids, rates) {
      let found = try #require(try answer(id, target(params, tokens)).learningRate)
      // Half a unit of the second digit, of a first digit that may be 1, and rounding of a rounding.
      #expect(found.isApproximatelyEqual(to: rate, relativeTolerance: 0.051), "\(id)")
    }
  }

  @Test("Kaplan's law has no answer where its formula turns negative, and says so")
  func negative() throws {
    let answer = try answer("kaplan", target(2e10, 1e12))
    #expect(answer.status == .noAnswer)
    #expect(answer.bestRate == nil)
    let note = try #require(answer.notes.first)
    #expect(note.code == .notPositive)
    #expect(note.message.contains("beyond 12.1B"), "\(note.message)")
    #expect(try #require(self.answer("kaplan", target(1e10, 1e12)).learningRate) > 0)
  }

  @Test(
    "Power Lines gives the reported timescale at 20 tokens a parameter, and an interval elsewhere")
  func powerLines() throws {
    let here = try #require(try answer("power-lines", target(6.1e8, 20 * 6.1e8)).timescale)
    #expect(here.value.isApproximatelyEqual(to: 0.21, relativeTolerance: 1e-12))
    var target = target(6.1e8, 200 * 6.1e8)
    target.batchTokens = 1_048_576
    let answer = try answer("power-lines", target)
    let there = try #require(answer.timescale)
    #expect(there.value.isApproximatelyEqual(to: 0.21 * 0.3020, relativeTolerance: 1e-3))
    #expect(there.lower < there.value && there.value < there.upper)
    // The product that the timescale stands for: B / (tau D).
    let product = 1_048_576 / (there.value * 200 * 6.1e8)
    #expect(
      answer.notes.contains { $0.message.contains(Quantity.learningRate(product)) })
  }

  @Test("the joint fit of rate, batch and tokens needs the batch")
  func optimalNorm() throws {
    var target = target(1e9, 8_589_934_592)
    #expect(try answer("optimal-norm", target).needs.contains("--batch-tokens"))
    target.batchTokens = 1_048_576
    let rate = try #require(try answer("optimal-norm", target).learningRate)
    // 0.62 * 8 - 0.56 * 33 + 9.8 = -3.72 doublings.
    #expect(rate.isApproximatelyEqual(to: .exp2(-3.72), relativeTolerance: 1e-12))
  }

  @Test("recipes give their base value at their base point")
  func recipes() throws {
    let ladder = try answer("olmo-ladder", target(1.08e8, 1e10))
    #expect(ladder.learningRate == 0.00235)
    #expect(ladder.batchTokens == 327_680)
    let description = try ModelDescription(
      yaml: "{family: llama, width: 512, layers: 8}", file: "m.yaml")
    var target = PublishedTarget(TargetModel(ModelDimensions(description)), tokens: 9.5e9)
    target.batchTokens = 2_097_152
    #expect(try answer("hyperp", target).learningRate == 6e-4)
  }

  @Test("every law has a name of its own, a source and a form, and cites nothing unverified")
  func metadata() {
    let laws = PublishedLaw.all
    #expect(Set(laws.map(\.id)).count == laws.count)
    #expect(Set(laws.map(\.name)).count == laws.count)
    for law in laws {
      #expect(!law.forms.isEmpty, "\(law.id)")
      #expect(!law.source.reference.isEmpty, "\(law.id)")
    }
    // Whose constants nobody could verify.
    for id in ["zhou"] { #expect(laws.first { $0.id == id }?.needsAnchor == true) }
    #expect(laws.first { $0.id == "kaplan" }?.batchTokens == nil)
    #expect(laws.first { $0.id == "power-lines" }?.batchTokens?.isRatio == true)
  }
}
