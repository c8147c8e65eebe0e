import RealModule

/// A quantity of a run's scale whose log a law may depend on.
package enum ScaleQuantity: String, CaseIterable, Codable, Sendable {
  case params
  case tokens
  case batch
  case activeShare = "active_share"

  /// The symbol that formulas use.
  package var symbol: String {
    switch self {
    case .params: "N"
    case .tokens: "D"
    case .batch: "B"
    case .activeShare: "A"
    }
  }

  /// What runs at `scale` have of it; `nil` where that is not known.
  package func value(at scale: RunScale) -> Double? {
    switch self {
    case .params: scale.params
    case .tokens: scale.tokens
    case .batch: scale.batchTokens
    case .activeShare: scale.activeShare
    }
  }
}

/// One term of a law: a product of logs of scale quantities, none for the constant.
///
/// A new term is one case, its factors and its prior; every law form is made of terms.
package enum LawTerm: String, CaseIterable, Codable, Sendable {
  case constant
  case params
  case tokens
  case batch
  case activeShare = "active_share"
  case paramsSquared = "params_squared"
  case paramsTimesTokens = "params_times_tokens"
  case tokensSquared = "tokens_squared"
  case batchSquared = "batch_squared"
  case batchTimesParams = "batch_times_params"
  case batchTimesTokens = "batch_times_tokens"

  /// The quantities whose logs are multiplied.
  package var factors: [ScaleQuantity] {
    switch self {
    case .constant: []
    case .params: [.params]
    case .tokens: [.tokens]
    case .batch: [.batch]
    case .activeShare: [.activeShare]
    case .paramsSquared: [.params, .params]
    case .paramsTimesTokens: [.params, .tokens]
    case .tokensSquared: [.tokens, .tokens]
    case .batchSquared: [.batch, .batch]
    case .batchTimesParams: [.batch, .params]
    case .batchTimesTokens: [.batch, .tokens]
    }
  }

  /// The quantity whose exponent the term's coefficient is, for a term of one factor.
  package var quantity: ScaleQuantity? { factors.count == 1 ? factors[0] : nil }

  /// The symbol of that quantity.
  package var symbol: String? { quantity?.symbol }

  /// For a term of two factors, their logs as letters: `n²`, `nd`.
  package var letters: String? {
    guard factors.count == 2 else { return nil }
    let letters = factors.map { $0.symbol.lowercased() }
    return letters[0] == letters[1] ? letters[0] + "²" : letters.joined()
  }

  /// The terms that bend a law along scale.
  package static let curvatures: [LawTerm] = [.paramsSquared, .paramsTimesTokens, .tokensSquared]

  /// The term's factor at `scale`, with logs taken relative to `centre`.
  func feature(at scale: RunScale, centre: RunScale) -> Double {
    factors.reduce(1) { product, quantity in
      guard let value = quantity.value(at: scale), let middle = quantity.value(at: centre) else {
        return 0
      }
      return product * .log(value / middle)
    }
  }
}

/// What a law predicts, and what is thought of its coefficients before any run is seen.
///
/// The priors are weak and our own: a rate falling as one over width has exponent -1/3 in params at a
/// fixed aspect ratio, horizons and batch sizes move it either way. They matter where the runs say
/// little, such as an exponent that two sizes would have to tell; there they keep it from running
/// away, and their width is in the interval. Those of curvature let an exponent change by about a
/// tenth (a mixed term) or a quarter (a square) over one power of ten.
package enum LawQuantity: String, Codable, Sendable {
  case learningRate = "learning_rate"
  case effectiveLearningRate = "effective_learning_rate"
  case batchTokens = "batch_tokens"

  func prior(of term: LawTerm) -> NormalPrior {
    switch (self, term) {
    case (_, .constant): NormalPrior(mean: 0, deviation: 3)
    case (.learningRate, .params), (.effectiveLearningRate, .params):
      NormalPrior(mean: -1.0 / 3, deviation: 0.3)
    case (.learningRate, .batch), (.effectiveLearningRate, .batch):
      NormalPrior(mean: 0.3, deviation: 0.3)
    case (.batchTokens, .tokens): NormalPrior(mean: 0.5, deviation: 0.3)
    case (_, .params), (_, .tokens), (_, .batch), (_, .activeShare):
      NormalPrior(mean: 0, deviation: 0.3)
    case (_, .paramsSquared), (_, .paramsTimesTokens), (_, .tokensSquared):
      NormalPrior(mean: 0, deviation: 0.05)
    case (_, .batchSquared), (_, .batchTimesParams), (_, .batchTimesTokens):
      NormalPrior(mean: 0, deviation: 0.15)
    }
  }
}
