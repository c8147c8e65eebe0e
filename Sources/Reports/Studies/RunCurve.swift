import RealModule
import Runs
import Studies

/// The held-out losses of a run as they are drawn: a branch's from where it leaves its trunk.
struct RunCurve: Sendable {
  let run: StudyRun
  /// Oldest first; a few, evenly spaced on a logarithmic axis.
  let points: [StudyRun.CurvePoint]
  /// Where a branch leaves its trunk's curve, between two measurements of that.
  let joint: StudyRun.CurvePoint?
  /// The annealed loss where it is known.
  let end: StudyRun.CurvePoint?

  /// - Parameters:
  ///   - run: The run.
  ///   - trunk: The run that it branches from, if it does and that is known.
  init(_ run: StudyRun, trunk: StudyRun?) {
    self.run = run
    var points = run.validation.filter { $0.loss.isFinite && $0.tokens > 0 }
    if let branch = run.branchTokens, !points.isEmpty, points.allSatisfy({ $0.tokens > branch }),
      let start = trunk?.validationLoss(at: branch)
    {
      joint = StudyRun.CurvePoint(tokens: branch, loss: start)
    } else {
      joint = nil
    }
    end = run.loss.flatMap {
      $0.isFinite ? StudyRun.CurvePoint(tokens: run.tokens, loss: $0) : nil
    }
    // The loss that counts is its own measurement, and may stand beside the last of the curve.
    if let end, !points.isEmpty {
      points.removeAll { $0.tokens >= end.tokens }
      points.append(end)
    }
    self.points = points.thinned(to: Self.most)
  }

  /// What is drawn: the points, for a branch from its trunk's curve on.
  var line: [StudyRun.CurvePoint] { [joint].compactMap(\.self) + points }

  /// More points of a curve than this are not told apart in a panel.
  static let most = 32

  /// Where a run that diverged was last seen; `nil` where it never had a loss.
  var lastSeen: StudyRun.CurvePoint? { points.last }
}

extension StudyRun {
  /// The held-out loss after `tokens`, between two measurements on a logarithmic axis.
  func validationLoss(at tokens: Int) -> Double? {
    let known = validation.filter { $0.loss.isFinite && $0.tokens > 0 }
    if let exact = known.last(where: { $0.tokens == tokens }) { return exact.loss }
    guard let before = known.last(where: { $0.tokens < tokens }),
      let after = known.first(where: { $0.tokens > tokens })
    else { return nil }
    let share =
      Double.log(Double(tokens) / Double(before.tokens))
      / .log(Double(after.tokens) / Double(before.tokens))
    return before.loss + share * (after.loss - before.loss)
  }
}

extension [StudyRun.CurvePoint] {
  /// At most `most` of the points, first and last among them, at about equal ratios of tokens.
  func thinned(to most: Int) -> [StudyRun.CurvePoint] {
    guard count > most, most > 1, let first, let last, first.tokens < last.tokens else {
      return self
    }
    var kept: [StudyRun.CurvePoint] = []
    let ratio = Double.log(Double(last.tokens) / Double(first.tokens))
    var slot = -1
    for point in dropLast() {
      let place = Double.log(Double(point.tokens) / Double(first.tokens)) / ratio
      let own = Int(place * Double(most - 1))
      guard own > slot else { continue }
      kept.append(point)
      slot = own
    }
    return kept + [last]
  }
}
