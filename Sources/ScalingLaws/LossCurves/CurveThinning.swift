import RealModule

/// Which rows of a long log are kept.
///
/// The cost of a fit is the number of losses times that of changes of the rate, and neighbouring rows
/// of a long log say nearly the same. Nothing is drawn, so that equal logs are thinned alike.
enum CurveThinning {
  /// Logs of up to this many rows are kept whole in all but the fit.
  static let mostRows = 600
  /// More losses of one curve are thinned before the fit.
  static let mostFitted = 200
  /// Before this part of a curve log steps are not told apart: the law does not know its start.
  static let startShare = 0.1
  /// A piece of the path changes the rate by about this part of all its rises and falls.
  private static let pieces = 200.0

  /// How far along a curve a step is, with log steps told apart as `startShare` says.
  private static func progress(_ step: Int, floor: Double) -> Double {
    let share = Double(step) / floor
    return share < 1 ? share : 1 + .log(share)
  }

  /// Those among `places` that stand about evenly in log step, the last included.
  static func even(_ places: [Int], of curve: LossCurve) -> [Int] {
    guard places.count > mostFitted, let first = places.first, let last = places.last else {
      return places
    }
    let floor = max(startShare * Double(curve.lastStep), 1)
    let start = progress(curve.points[first].step, floor: floor)
    let end = progress(curve.points[last].step, floor: floor)
    var chosen: [Int] = []
    var wanted = 0.0
    for place in places {
      let share =
        (progress(curve.points[place].step, floor: floor) - start) / max(end - start, 1e-12)
      let reached = share * Double(mostFitted - 1)
      guard reached >= wanted else { continue }
      wanted = reached.rounded(.down) + 1
      chosen.append(place)
    }
    if chosen.last != last { chosen.append(last) }
    return chosen
  }

  /// The rows of `curve` that its path and its fit need, `fitted` among them.
  ///
  /// Rows on both sides of a sudden change are kept, and the first one at the peak.
  static func rows(of curve: LossCurve, fitted: [Int]) -> [Int] {
    let rates = curve.points.map(\.learningRate)
    let changes = zip(rates, rates.dropFirst()).map { abs($1 - $0) }
    let unit = changes.reduce(0, +) / pieces
    var kept = Set(fitted + [0, rates.count - 1])
    if let peak = rates.firstIndex(of: curve.peakRate) { kept.insert(peak) }
    var gone = 0.0
    for (place, change) in changes.enumerated() where change > 0 {
      gone += change
      guard gone >= unit else { continue }
      gone = 0
      kept.insert(place + 1)
      if change >= unit { kept.insert(place) }
    }
    return kept.sorted()
  }
}
