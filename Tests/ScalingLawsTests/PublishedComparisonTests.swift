import Numerics
import Runs
import ScalingLaws
import Testing

/// What is said about laws beside their numbers.
@Suite struct PublishedComparisonTests {
  private func dense(
    _ params: Double = 7e9, kind: ParameterCountKind = .total, vocabulary: Int? = nil
  ) -> TargetModel {
    TargetModel(params: params, kind: kind, vocabulary: vocabulary)
  }

  private func mixture() -> TargetModel {
    TargetModel(
      params: 12e9, kind: .total, activeParams: 1.3e9, activeShare: 1.0 / 16)
  }

  private func answer(
    _ id: String, _ target: PublishedTarget, _ anchors: [PublishedAnchor] = []
  ) throws -> PublishedAnswer {
    try #require(
      PublishedComparison(target, anchors: anchors).answers.first { $0.law.id == id })
  }

  private func note(
    _ code: PublishedNote.Code, _ answer: PublishedAnswer
  ) throws -> String {
    try #require(answer.notes.first { $0.code == code }?.message)
  }

  @Test(
    "a mixture under a law of other models has the number that it would give, by active and by all params"
  )
  func mixtureUnderOtherLaw() throws {
    let answer = try answer("porian", PublishedTarget(mixture(), tokens: 5e11))
    let rate = try #require(answer.learningRate)
    #expect(rate.isApproximatelyEqual(to: 3.7 * .pow(1.3e9, -0.36), relativeTolerance: 1e-9))
    let other = try self.answer("olmo-ladder", PublishedTarget(mixture(), tokens: 5e11))
    let all = 0.00235 * .pow(12e9 / 1.08e8, -1.0 / 3)
    let note = try note(.otherModelClass, other)
    #expect(note.contains("not stated to hold for mixtures"))
    #expect(note.contains("all of them would give \(Quantity.learningRate(all))"), "\(note)")
    #expect(note.contains("do not use it untried"))
  }

  @Test("Step Law sees all params of a mixture, as its authors count them")
  func stepLawOfMixture() throws {
    let answer = try answer("step-law", PublishedTarget(mixture(), tokens: 5e11))
    let rate = try #require(answer.learningRate)
    let expected = 1.79 * .pow(12e9, -0.713) * .pow(5e11, 0.307)
    #expect(rate.isApproximatelyEqual(to: expected, relativeTolerance: 1e-9))
  }

  @Test("a dense model under a law of mixtures is said to be one")
  func denseUnderMixtureLaw() throws {
    let note = try note(
      .otherModelClass, answer("ling", PublishedTarget(dense(), tokens: 1e12)))
    #expect(note.contains("the target is dense"))
  }

  @Test("all params taken where a law means those without embedding are approximate and say why")
  func approximate() throws {
    let bare = try answer("step-law", PublishedTarget(dense(), tokens: 1e12))
    #expect(try note(.approximate, bare).contains("no --vocabulary or --model"))
    let guessed = try answer(
      "step-law", PublishedTarget(dense(vocabulary: 32_000), tokens: 1e12))
    #expect(try note(.approximate, guessed).contains("estimated from --vocabulary"))
    #expect(try #require(guessed.learningRate) > #require(bare.learningRate))
    let exact = try answer(
      "step-law", PublishedTarget(dense(kind: .nonEmbedding), tokens: 1e12))
    #expect(exact.caveats.isEmpty)
  }

  @Test("a target beyond a law's range is said to be, in decades, above and below")
  func ranges() throws {
    let far = try answer("step-law", PublishedTarget(dense(kind: .nonEmbedding), tokens: 1e12))
    #expect(far.status == .outside)
    let message = try note(.outsideRange, far)
    #expect(
      message.contains("0.81 decades above its range in params (215M to 1.07B)"), "\(message)")
    #expect(message.contains("1 decade above its range in tokens (up to 100B)"), "\(message)")
    let small = try answer(
      "step-law", PublishedTarget(dense(2e7, kind: .nonEmbedding), tokens: 1e10))
    #expect(try note(.outsideRange, small).contains("1.03 decades below"))
    let inside = try answer(
      "step-law", PublishedTarget(dense(5e8, kind: .nonEmbedding), tokens: 5e10))
    #expect(inside.status == .inside)
  }

  @Test("only rates for the optimizer, and of no muP base, count in the spread")
  func comparable() throws {
    let target = PublishedTarget(dense(), tokens: 1e12)
    let comparison = PublishedComparison(target)
    let spread = try #require(comparison.all)
    #expect(spread.laws.contains("Step Law"))
    for name in ["MiniCPM", "MoE sparsity", "Marin AdamH", "Zhou et al."] {
      #expect(!spread.laws.contains(name), "\(name)")
    }
    #expect(try note(.otherOptimizer, answer("moe-sparsity", target)).contains("Muon"))
    #expect(comparison.advice.contains("does not carry over from one recipe to another"))
    #expect(spread.ratio > 5)
  }

  @Test("inside the range of a dense law, a mixture does not count as inside")
  func insideSpread() throws {
    let dense = PublishedComparison(
      PublishedTarget(
        TargetModel(params: 5e8, kind: .nonEmbedding), tokens: 5e10))
    #expect(dense.inside?.laws.contains("Step Law") == true)
    let mixed = PublishedComparison(
      PublishedTarget(
        TargetModel(params: 5e8, kind: .nonEmbedding, activeParams: 2e8, activeShare: 0.25),
        tokens: 5e10))
    #expect(mixed.inside?.laws.contains("Step Law") != true)
  }

  @Test("an anchor at the target gives its own rate by every law")
  func anchorAtTarget() throws {
    var target = PublishedTarget(dense(vocabulary: 32_000), tokens: 1e12)
    target.batchTokens = 2e6
    let anchor = PublishedAnchor(learningRate: 3e-4, params: 7e9, tokens: 1e12, batchTokens: 2e6)
    let comparison = PublishedComparison(target, anchors: [anchor])
    for answer in comparison.answers where answer.anchored != nil {
      let rate = try #require(answer.anchored?.value)
      #expect(rate.isApproximatelyEqual(to: 3e-4, relativeTolerance: 1e-9), "\(answer.law.id)")
      #expect(answer.anchored?.lower == nil)
    }
    #expect(comparison.answers.filter { $0.anchored != nil }.count > 9)
    #expect(try #require(comparison.anchored).ratio < 1.000_001)
    let own = try #require(comparison.answers.first { $0.law.id == "step-law" })
    let scale = try #require(own.anchored?.scale)
    #expect(
      scale.isApproximatelyEqual(
        to: 3e-4 / (try #require(own.learningRate)), relativeTolerance: 1e-9))
  }

  /// A model of which every size is known, with one matrix for embedding and head.
  private func tied() throws -> TargetModel {
    let description = try ModelDescription(
      yaml: "{family: llama, width: 1024, layers: 8, vocabulary: 128000, tied: true}",
      file: "m.yaml")
    return TargetModel(ModelDimensions(description))
  }

  @Test("an anchor at a target given by its dimensions gives its own rate by every law")
  func anchorAtDimensions() throws {
    let model = try tied()
    let params = try #require(model.total?.value)
    for optimizer in PublishedOptimizer.allCases where optimizer != .notStated {
      var target = PublishedTarget(model, tokens: 2e10)
      target.batchTokens = 1e6
      target.optimizer = optimizer
      let anchor = PublishedAnchor(
        learningRate: 3e-4, params: params, tokens: 2e10, batchTokens: 1e6)
      for answer in PublishedComparison(target, anchors: [anchor]).answers {
        guard let rate = answer.anchored?.value else { continue }
        #expect(rate.isApproximatelyEqual(to: 3e-4, relativeTolerance: 1e-9), "\(answer.law.id)")
      }
      #expect(try self.answer("hyperp", target, [anchor]).anchored != nil)
    }
  }

  @Test("an anchor on a smaller model has the target's shape, shrunk in width and depth")
  func anchorBelowDimensions() throws {
    let model = try tied()
    let body = try #require(model.nonEmbedding?.value)
    let total = try #require(model.total?.value)
    // Half the width and half the layers: an eighth of the body, half of the matrix.
    let anchor = PublishedAnchor(
      learningRate: 1e-3, params: body / 8 + (total - body) / 2, tokens: 2e10, batchTokens: 1e6)
    var target = PublishedTarget(model, tokens: 2e10)
    target.batchTokens = 1e6
    let step = try #require(try answer("step-law", target, [anchor]).anchored?.value)
    #expect(step.isApproximatelyEqual(to: 1e-3 * .pow(8, -0.713), relativeTolerance: 1e-9))
    let deep = try #require(try answer("hyperp", target, [anchor]).anchored?.value)
    #expect(deep.isApproximatelyEqual(to: 1e-3 * 0.5.squareRoot(), relativeTolerance: 1e-9))
  }

  @Test("several anchors give an interval, and say which laws miss them")
  func manyAnchors() throws {
    let target = PublishedTarget(dense(kind: .nonEmbedding), tokens: 1e12)
    // Exactly Bjorck's law, at half its scale.
    let anchors = [(1e8, 2e9), (4e8, 8e9), (1e9, 5e10)].map { params, tokens in
      PublishedAnchor(
        learningRate: 0.5 * 1.55e-3 * .pow(params / 1e9, -0.23) * .pow(tokens / 1e9, -0.32),
        params: params, tokens: tokens)
    }
    let own = try answer("bjorck", target, anchors)
    let anchored = try #require(own.anchored)
    #expect(try #require(anchored.scale).isApproximatelyEqual(to: 0.5, relativeTolerance: 1e-9))
    #expect(anchored.misfit < 1.000_001)
    let other = try answer("step-law", target, anchors)
    let wide = try #require(other.anchored)
    #expect(try #require(wide.upper) / #require(wide.lower) > 2)
    #expect(try note(.anchorMisfit, other).contains("misses an anchor by a factor"))
  }

  @Test("the order of anchors does not matter")
  func anchorOrder() throws {
    let target = PublishedTarget(dense(), tokens: 1e12)
    let anchors = [
      PublishedAnchor(learningRate: 1e-3, params: 1e8, tokens: 2e9),
      PublishedAnchor(learningRate: 6e-4, params: 1e9, tokens: 2e10),
    ]
    let forth = PublishedComparison(target, anchors: anchors).answers
    let back = PublishedComparison(target, anchors: anchors.reversed()).answers
    for (one, other) in zip(forth, back) {
      #expect(one.anchored == other.anchored, "\(one.law.id)")
      #expect(one.notes == other.notes, "\(one.law.id)")
    }
    #expect(forth.contains { $0.anchored != nil })
    let nanochat = try #require(forth.first { $0.law.id == "nanochat" })
    #expect(!nanochat.notes.contains { $0.code == .weightDecay })
  }

  @Test("the confidence is the share of the interval, and a cap holds for its ends too")
  func confidence() throws {
    var target = PublishedTarget(dense(), tokens: 1e12)
    let anchors = [(1e8, 2e9, 2e-3), (1e9, 2e10, 4e-4)].map { params, tokens, rate in
      PublishedAnchor(learningRate: rate, params: params, tokens: tokens, batchTokens: 1e6)
    }
    func widths(_ confidence: Double) -> [Double] {
      PublishedComparison(target, anchors: anchors, confidence: confidence).answers.compactMap {
        guard let lower = $0.anchored?.lower, let upper = $0.anchored?.upper else { return nil }
        return upper / lower
      }
    }
    let narrow = widths(0.5)
    #expect(!narrow.isEmpty)
    for (half, most) in zip(narrow, widths(0.95)) { #expect(half <= most) }
    #expect(narrow != widths(0.95))
    // A batch so large that Marin's rate is at its cap.
    target.batchTokens = 1e12
    let capped = try #require(try answer("marin", target, anchors).anchored)
    #expect(capped.value == 0.01)
    #expect(capped.upper == 0.01)
    #expect(try #require(capped.lower) <= capped.value)
  }

  @Test("a law whose optimizer is not stated counts for AdamW alone, and says so")
  func optimizerNotStated() throws {
    var target = PublishedTarget(dense(), tokens: 1e12)
    let adam = try answer("bjorck", target)
    #expect(adam.isComparable)
    #expect(try note(.optimizerNotStated, adam).contains("taken for AdamW and counted"))
    target.optimizer = .muon
    let muon = try answer("bjorck", target)
    #expect(!muon.isComparable)
    #expect(try note(.optimizerNotStated, muon).contains("not counted in the spread for Muon"))
    #expect(PublishedComparison(target).all?.laws.contains("Bjorck et al.") != true)
  }

  @Test("a batch other than a law's own is said, with the rate by the square-root rule")
  func otherBatch() throws {
    var target = PublishedTarget(dense(1e9, kind: .nonEmbedding), tokens: 1e11)
    target.batchTokens = 4.430860e6
    let message = try note(.otherBatch, answer("step-law", target))
    #expect(message.contains("its own batch of 1.11M tokens"))
    #expect(message.contains("3.3e-3 at 4.43M"), "\(message)")
  }

  @Test("a mixture of which little is given says what it needs")
  func needs() throws {
    let target = PublishedTarget(
      TargetModel(params: 1.3e9, kind: .active), tokens: 5e11)
    let step = try answer("step-law", target)
    #expect(step.status == .needs)
    let sparse = try answer("moe-sparsity", target)
    #expect(sparse.needs.contains("--experts E/k"))
    let noActive = PublishedTarget(
      TargetModel(params: 12e9, kind: .total, activeShare: 0.125), tokens: 5e11)
    #expect(try answer("ling", noActive).needs.contains("--active-params, or --model"))
  }
}
