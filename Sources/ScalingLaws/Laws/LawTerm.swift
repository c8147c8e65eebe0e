import RealModule

/// One term of a law that is linear in logs.
///
/// A new term is one case, its feature and its prior; every law form is a list of terms.
package enum LawTerm: String, CaseIterable, Codable, Sendable {
  case constant
  case params
  case tokens
  case batch

  /// The term's factor at `scale`, with logs taken relative to `centre`.
  func feature(at scale: RunScale, centre: RunScale) -> Double {
    switch self {
    case .constant: 1
    case .params: .log(scale.params / centre.params)
    case .tokens: .log(scale.tokens / centre.tokens)
    case .batch: .log((scale.batchTokens ?? 1) / (centre.batchTokens ?? 1))
    }
  }

  /// The symbol that formulas use for the quantity.
  package var symbol: String? {
    switch self {
    case .constant: nil
    case .params: "N"
    case .tokens: "D"
    case .batch: "B"
    }
  }
}

/// What a law predicts, and what is thought of its exponents before any run is seen.
///
/// The priors are weak and our own: a rate falling as one over width has exponent -1/3 in params at a
/// fixed aspect ratio, horizons and batch sizes move it either way. They matter where the runs say
/// little, such as an exponent that two sizes would have to tell; there they keep it from running
/// away, and their width is in the interval.
package enum LawQuantity: String, Codable, Sendable {
  case learningRate = "learning_rate"
  case batchTokens = "batch_tokens"

  func prior(of term: LawTerm) -> NormalPrior {
    switch (self, term) {
    case (_, .constant): NormalPrior(mean: 0, deviation: 3)
    case (.learningRate, .params): NormalPrior(mean: -1.0 / 3, deviation: 0.3)
    case (.learningRate, .tokens): NormalPrior(mean: 0, deviation: 0.3)
    case (.learningRate, .batch): NormalPrior(mean: 0.3, deviation: 0.3)
    case (.batchTokens, .params): NormalPrior(mean: 0, deviation: 0.3)
    case (.batchTokens, .tokens): NormalPrior(mean: 0.5, deviation: 0.3)
    case (.batchTokens, .batch): NormalPrior(mean: 0, deviation: 0.3)
    }
  }
}
