import RealModule

/// What one run says of a loss surface.
struct SurfacePoint {
  var place: SurfacePlace
  var logLoss: Double
  /// The squared relative standard error of the loss, from the source.
  var evaluationVariance: Double
  /// The rise above the least loss of its cell, in log loss.
  var excess: Double
  /// Whether it says no more than that loss has risen so far: it diverged, or nearly.
  var isBound: Bool
}

/// The runs of a sweep as points on a loss surface.
struct SurfaceEvidence {
  let points: [SurfacePoint]
  /// The log of the least loss of each of the layout's cells; of one without runs, that of all.
  let floors: [Double]

  /// A run whose loss rises further only says that it does; how far is no longer the basin's matter.
  static let widestExcess = 1.5 * SliceEvidence.widestExcess

  init(_ sweep: LearningRateSweep, _ layout: SurfaceLayout) {
    var least = [Double](repeating: .infinity, count: layout.cells.count)
    var found: [(place: SurfacePlace, point: SweepPoint)] = []
    for slice in sweep.slices {
      for point in slice.points where !point.isImplausible && !point.isSuperseded {
        guard let place = layout.place(slice.scale, learningRate: point.learningRate) else {
          continue
        }
        found.append((place, point))
        if !point.diverged, let loss = point.loss {
          least[place.cell] = min(least[place.cell], .log(loss))
        }
      }
    }
    let known = least.filter(\.isFinite)
    let usual = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
    floors = least.map { $0.isFinite ? $0 : usual }
    points = found.compactMap { place, point in
      let best = least[place.cell]
      guard best.isFinite else { return nil }
      if !point.diverged, let loss = point.loss, .log(loss) - best <= Self.widestExcess {
        let error = (point.lossStandardError ?? 0) / loss
        return SurfacePoint(
          place: place, logLoss: .log(loss), evaluationVariance: error * error,
          excess: .log(loss) - best, isBound: false)
      }
      return SurfacePoint(
        place: place, logLoss: best + SliceEvidence.widestExcess, evaluationVariance: 0,
        excess: SliceEvidence.widestExcess, isBound: true)
    }
  }
}
