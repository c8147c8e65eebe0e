import RealModule
import Runs

/// The weight decay that goes with a recommended learning rate, and what speaks for others.
package struct DecayAdvice: Hashable, Encodable, Sendable {
  /// A weight decay in the convention of the runs, and the timescale that it gives at the target.
  package struct Choice: Hashable, Encodable, Sendable {
    package var value: Double
    /// The same decay where weights shrink by learning rate times it, and by it alone at the peak.
    package var decoupled: Double
    package var independent: Double
    /// As a share of the run, B / (ηλD).
    package var timescale: Double
  }

  /// What the recommended rate and decay do to the norm of weights.
  package struct WeightNorms: Hashable, Encodable, Sendable {
    /// The root mean square that weights settle at, √(η / 2λ).
    package var settledSize: Double
    /// Steps at the peak over which they do, 1 / (2ηλ).
    package var steps: Double
    /// How many times over they could have settled by the end of the run, 2ηλS.
    package var turnovers: Double
    /// Whether they have; otherwise the start of the run still shows in the best rate.
    package var hasSettled: Bool
  }

  /// The timescales of the runs at the best learning rate and batch of each cell.
  package var runsTimescale: ValueRange
  /// Their geometric mean, and that of the tokens a parameter.
  package var usualTimescale: Double
  package var usualTokensPerParam: Double
  /// The decay of the runs, which is recommended: the law's learning rate was measured with it.
  package var asInRuns: Choice
  /// Keeps the usual timescale, as Wang and Aitchison find best (arXiv 2405.13698).
  package var keepingTimescale: Choice
  /// Lets the usual timescale fall with tokens a parameter, as Power Lines finds (arXiv 2505.13738).
  package var followingTokensPerParam: Choice
  /// Whether the recommended decay's timescale is far from those of the runs.
  package var isOutsideRuns: Bool
  package var weightNorms: WeightNorms

  /// A timescale twice or half the best costs 0.2 to 0.8 % of loss in public ablations, one within
  /// this factor about a quarter of that.
  private static let farFactor = 2.0.squareRoot()

  /// - Returns: `nil` where the runs do not say their decay, its convention and their batch size, or
  ///   where the law's rates are no peak rates.
  init?(_ law: LearningRateLaw, at target: RunScale, learningRate: Double, batchTokens: Double?) {
    guard law.rateKind == .peak, let batchTokens, let recorded = law.recipe.weightDecay,
      let value = recorded.value, value > 0,
      let unit = DecayUnit(recorded)
    else { return nil }
    func setting(_ value: Double, _ rate: Double, _ batch: Double, _ tokens: Double)
      -> WeightDecaySetting
    {
      WeightDecaySetting(
        value, unit, learningRate: rate, batchTokens: batch, tokens: tokens)
    }
    let onlyBatch = law.ranges.batchTokens.flatMap { $0.lower == $0.upper ? $0.lower : nil }
    let runs = law.cells.compactMap { cell -> (timescale: Double, perParam: Double)? in
      guard let rate = cell.optimum?.value, let batch = cell.bestBatchTokens ?? onlyBatch else {
        return nil
      }
      return (setting(value, rate, batch, cell.tokens).timescale, cell.tokens / cell.params)
    }
    guard let range = ValueRange(runs.map(\.timescale)) else { return nil }
    func geometricMean(_ values: [Double]) -> Double {
      .exp(values.reduce(0) { $0 + .log($1) } / Double(values.count))
    }
    let usual = geometricMean(runs.map(\.timescale))
    let perParam = geometricMean(runs.map(\.perParam))
    func choice(timescale: Double) -> Choice {
      Choice(
        WeightDecaySetting(
          timescale, .timescale, learningRate: learningRate, batchTokens: batchTokens,
          tokens: target.tokens), in: unit)
    }
    let same = setting(value, learningRate, batchTokens, target.tokens)
    runsTimescale = range
    usualTimescale = usual
    usualTokensPerParam = perParam
    asInRuns = Choice(same, in: unit)
    keepingTimescale = choice(timescale: usual)
    followingTokensPerParam = choice(
      timescale: usual
        * .pow(target.tokens / target.params / perParam, PublishedLaw.powerLinesTimescaleExponent))
    isOutsideRuns =
      same.timescale > range.upper * Self.farFactor
      || same.timescale < range.lower / Self.farFactor
    weightNorms = WeightNorms(
      settledSize: same.settledSize, steps: same.normSteps, turnovers: same.normTurnovers,
      hasSettled: same.hasSettled)
  }

  /// What the choice rests on, and who disagrees.
  package static let basis =
    "the law's learning rate was measured with the runs' weight decay, and what another would do to it "
    + "was not; sources disagree on whether the best timescale is constant (arXiv 2405.13698) or falls "
    + "with tokens a parameter (2505.13738)"
}

extension DecayAdvice.Choice {
  fileprivate init(_ setting: WeightDecaySetting, in unit: DecayUnit) {
    self.init(
      value: setting.value(in: unit), decoupled: setting.value(in: .decoupled),
      independent: setting.value(in: .independent), timescale: setting.value(in: .timescale))
  }
}

extension DecayUnit {
  /// `nil` for a record that does not say, or of a decay that has no timescale.
  fileprivate init?(_ recorded: RecordedWeightDecay) {
    switch recorded.convention.flatMap(OptimizerDescription.DecayConvention.init(rawValue:)) {
    case .decoupled: self = .decoupled
    case .independent: self = .independent
    case .coupled, nil: return nil
    }
  }
}
