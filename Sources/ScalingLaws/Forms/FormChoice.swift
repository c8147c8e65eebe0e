import RealModule

/// How one form of law did when it had to predict larger cells from smaller ones.
package struct FormTrial: Hashable, Codable, Sendable {
  package var form: LawForm
  /// How much the form counts in the law; the shares of all forms sum to 1.
  package var share: Double
  /// The root mean square of the log of predicted over measured; `nil` where nothing was predicted.
  package var error: Double?
  /// The mean percentage of loss that the predicted rates would have cost.
  package var penaltyPercent: Double?
}

/// A coefficient that bends the law, under the curved form alone.
package struct Curvature: Hashable, Codable, Sendable {
  package var term: LawTerm
  package var estimate: Estimate
}

/// The forms that were tried for a law, and on how much evidence.
package struct FormChoice: Hashable, Codable, Sendable {
  /// One for each form.
  package var trials: [FormTrial]
  /// How many times the forms were fitted to smaller cells.
  package var origins: Int
  /// How many cells each had to predict.
  package var predictedCells: Int
  /// What the curved form says of its curvature.
  package var curvature: [Curvature]
  /// Whether horizons or model sizes extrapolate better, where the sweep can tell.
  package var axes: AxisComparison?

  /// The form that counts most.
  package var leading: FormTrial? { trials.max { $0.share < $1.share } }

  package subscript(form: LawForm) -> FormTrial? { trials.first { $0.form == form } }

  /// An error is clearly less than another where it is at most this part of it.
  private static let clearly = 0.95

  /// The null model that predicted clearly better than every form which is none, if one did.
  package var betterNull: FormTrial? {
    let full = trials.filter { !$0.form.isNull }.compactMap(\.error).min()
    let null = trials.filter(\.form.isNull).min {
      ($0.error ?? .infinity) < ($1.error ?? .infinity)
    }
    guard let null, let error = null.error, let full, error < Self.clearly * full else {
      return nil
    }
    return null
  }

  /// Whether the law is seen to bend: the curved form predicts clearly better than the straight one, and the
  /// interval of some curvature is all on one side of 0.
  package var showsCurvature: Bool {
    guard let curved = self[.curved]?.error, let straight = self[.paramsAndTokens]?.error else {
      return false
    }
    return curved < Self.clearly * straight
      && curvature.contains(where: \.estimate.excludesZero)
  }
}
