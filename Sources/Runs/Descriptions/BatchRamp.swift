/// A batch that doubles on the way, and what the learning rate does with it.
///
/// It begins at `from` and doubles at equal distances, so that it comes to the run's own batch size
/// after `tokens`. Merrill et al. 2025 (arXiv 2505.23971) double the batch and raise the rate by √2.
package struct BatchRamp: Hashable, Codable, Sendable {
  /// What the learning rate is in a smaller batch, over that of the whole one.
  package enum RateRule: String, CaseIterable, Codable, Sendable {
    /// The same.
    case none
    /// As the root of the batch (Malladi et al. 2022, arXiv 2205.10287, for Adam).
    case squareRoot = "sqrt"
    /// As the batch (Goyal et al. 2017, arXiv 1706.02677, for SGD).
    case linear
  }

  /// The tokens of the first steps.
  package var from: Int
  /// After so many tokens the batch is whole.
  package var tokens: Int
  package var learningRate: RateRule

  package init(from: Int, tokens: Int, learningRate: RateRule) {
    self.from = from
    self.tokens = tokens
    self.learningRate = learningRate
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case from, tokens
    case learningRate = "learning_rate"
  }

  init(_ value: YAMLValue) throws(DescriptionError) {
    let fields = try YAMLFields(value, known: CodingKeys.allCases.map(\.rawValue))
    from = try fields.required("from").wholeNumber()
    tokens = try fields.required("tokens").wholeNumber()
    learningRate = try fields.required("learning_rate").choice(of: RateRule.self)
  }
}

/// The batch sizes of a run, one after the other.
package struct BatchStages: Hashable, Sendable {
  package struct Stage: Hashable, Sendable {
    /// The steps, and the tokens, before it.
    package var step: Int
    package var tokens: Int
    package var batchTokens: Int
    /// Of the learning rate.
    package var factor: Double
  }

  /// At least one; the last has no end.
  package let stages: [Stage]

  /// - Precondition: The ramp, if any, doubles up to `batchTokens` in whole steps.
  package init(batchTokens: Int, ramp: BatchRamp?) {
    var stages: [Stage] = []
    if let ramp {
      let sizes = Array(sequence(first: ramp.from) { $0 * 2 }.prefix { $0 < batchTokens })
      var (step, tokens) = (0, 0)
      for (place, size) in sizes.enumerated() {
        let ratio = Double(size) / Double(batchTokens)
        stages.append(
          Stage(
            step: step, tokens: tokens, batchTokens: size, factor: ramp.learningRate.factor(ratio)))
        let end = Int(Double(ramp.tokens) * Double(place + 1) / Double(sizes.count))
        let steps = max(1, (end - tokens + size / 2) / size)
        step += steps
        tokens += steps * size
      }
      stages.append(Stage(step: step, tokens: tokens, batchTokens: batchTokens, factor: 1))
    } else {
      stages = [Stage(step: 0, tokens: 0, batchTokens: batchTokens, factor: 1)]
    }
    self.stages = stages
  }

  /// The stage that `step`, counted from 1, is in.
  package func stage(of step: Int) -> Stage {
    stages.last { $0.step < step } ?? stages[0]
  }

  /// The tokens trained on after `step` steps.
  package func tokens(after step: Int) -> Int {
    let stage = stage(of: step)
    return stage.tokens + (step - stage.step) * stage.batchTokens
  }

  /// The number of steps nearest to `tokens`, at least 1.
  package func steps(for tokens: Int) -> Int {
    let stage = stages.last { $0.tokens < tokens } ?? stages[0]
    let (size, rest) = (stage.batchTokens, tokens - stage.tokens)
    return max(1, stage.step + rest / size + (2 * (rest % size) >= size ? 1 : 0))
  }
}

extension BatchRamp.RateRule {
  fileprivate func factor(_ ratio: Double) -> Double {
    switch self {
    case .none: 1
    case .squareRoot: ratio.squareRoot()
    case .linear: ratio
    }
  }
}

extension BatchRamp {
  /// Refuses a ramp that does not come to `batchTokens` by doubling, or not before the run ends.
  func check(
    batchTokens: Int, horizon: Int, sequenceLength: Int
  ) throws(DescriptionConflict) {
    guard from.isMultiple(of: sequenceLength) else {
      throw .rampSplitsSequence(from: from, sequenceLength: sequenceLength)
    }
    let ratio = batchTokens / from
    guard from < batchTokens, batchTokens.isMultiple(of: from), ratio & (ratio - 1) == 0 else {
      throw .rampMissesBatch(from: from, batchTokens: batchTokens)
    }
    guard tokens < horizon else { throw .rampTooLong(tokens: tokens, horizon: horizon) }
  }
}
