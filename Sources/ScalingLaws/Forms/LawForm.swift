import RealModule

/// A form that the law of scale may have.
///
/// The first four are null models: they leave out what the law is about, and a law that predicts
/// larger runs no better than they do has shown nothing. A new form is one case with its directions,
/// prior share and name.
package enum LawForm: String, CaseIterable, Codable, Sendable {
  case constant
  case tokens
  case params
  case compute
  case paramsAndTokens = "params_and_tokens"
  case curved

  /// Whether the form leaves out params or tokens, or ties them.
  package var isNull: Bool {
    switch self {
    case .constant, .tokens, .params, .compute: true
    case .paramsAndTokens, .curved: false
    }
  }

  /// What each form is thought to be worth before it has predicted anything.
  ///
  /// Published sweeps differ in both exponents far more often than not, so a null model has to predict
  /// much better before it weighs; curvature is reported (arXiv 2606.29158) and not settled.
  package var priorShare: Double {
    switch self {
    case .constant: 0.01
    case .tokens, .params: 0.02
    case .compute: 0.05
    case .paramsAndTokens: 0.6
    case .curved: 0.3
    }
  }

  /// The form in words, for messages and reports.
  package var name: String {
    switch self {
    case .constant: "constant"
    case .tokens: "tokens alone"
    case .params: "params alone"
    case .compute: "compute alone"
    case .paramsAndTokens: "params and tokens"
    case .curved: "params and tokens, curved"
    }
  }

  /// The coefficients that the form leaves free in a law of `quantity`, with one of the active share
  /// where runs differ in it.
  package func basis(of quantity: LawQuantity, sharesVary: Bool) -> LawBasis {
    let plain: [LawTerm] =
      switch self {
      case .constant, .compute: [.constant]
      case .tokens: [.constant, .tokens]
      case .params: [.constant, .params]
      case .paramsAndTokens: [.constant, .params, .tokens]
      case .curved: [.constant, .params, .tokens] + LawTerm.curvatures
      }
    var basis = LawBasis(plain + (sharesVary ? [.activeShare] : []), of: quantity)
    if self == .compute {
      let both = [LawTerm.params, .tokens].map { quantity.prior(of: $0) }
      basis.directions.append(
        LawBasis.Direction(
          terms: [.params, .tokens],
          prior: NormalPrior(
            mean: (both[0].mean + both[1].mean) / 2, deviation: both[0].deviation)))
    }
    return basis
  }
}

/// The coefficients that a form leaves free, each of one term or common to several.
package struct LawBasis {
  struct Direction {
    var terms: [LawTerm]
    var prior: NormalPrior
  }

  var directions: [Direction]

  /// A coefficient of its own for each term.
  package init(_ terms: [LawTerm], of quantity: LawQuantity) {
    directions = terms.map { Direction(terms: [$0], prior: quantity.prior(of: $0)) }
  }
}
