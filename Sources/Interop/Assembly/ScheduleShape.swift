import Foundation

/// What the logged rates of a run say of its schedule.
package struct ScheduleShape {
  /// Rates this close to the peak are at it.
  private static let atPeak = 0.995
  /// A constant stretch shorter than this part of the run is the round top of a cosine.
  private static let leastStable = 0.1
  private static let leastPoints = 8

  package let peak: Double
  /// The first step at the peak, and the last.
  package let peakSteps: ClosedRange<Int>
  package let lastStep: Int
  /// The last rate over the peak.
  package let end: Double
  /// `wsd`, `cosine`, `linear`, `inverse_sqrt` or `constant`; `nil` for none of these.
  package let kind: String?

  /// - Returns: `nil` where there are too few points to see a shape.
  package init?(_ rates: MetricSeries) {
    let points = zip(rates.steps, rates.values).filter { $0.1.isFinite && $0.1 >= 0 }
    guard points.count >= Self.leastPoints, let peak = points.map(\.1).max(), peak > 0,
      let first = points.first(where: { $0.1 >= Self.atPeak * peak })?.0,
      let last = points.last(where: { $0.1 >= Self.atPeak * peak })?.0,
      let end = points.last
    else { return nil }
    self.peak = peak
    peakSteps = first...last
    lastStep = end.0
    self.end = end.1 / peak
    let between = points.filter { (first...last).contains($0.0) }
    kind = Self.kind(
      points.filter { $0.0 >= last }.map { (Double($0.0), $0.1 / peak) },
      stable: Double(last) - Double(first),
      isEven: between.allSatisfy { $0.1 >= Self.atPeak * peak }, total: Double(end.0),
      end: end.1 / peak)
  }

  /// The part of the run in which the rate fell, of a `wsd` schedule.
  package var decayFraction: Double? {
    guard kind == "wsd", lastStep > 0 else { return nil }
    // Lines of a log that are some steps apart tell no more than this.
    let part = 1 - Double(peakSteps.upperBound) / Double(lastStep)
    return max((20 * part).rounded(), 1) / 20
  }

  private static func kind(
    _ decay: [(step: Double, rate: Double)], stable: Double, isEven: Bool,
    total: Double, end: Double
  ) -> String? {
    guard stable <= leastStable * total else {
      return isEven ? (end >= atPeak ? "constant" : "wsd") : nil
    }
    // A run that was cut in its warm-up ends at its greatest rate.
    if end >= atPeak { return nil }
    guard let start = decay.first?.step, let last = decay.last?.step, decay.count > 3 else {
      return nil
    }
    let shapes: [(kind: String, rate: (Double) -> Double)] = [
      ("linear", { 1 + (end - 1) * ($0 - start) / (last - start) }),
      ("cosine", { end + (1 - end) * (1 + cos(.pi * ($0 - start) / (last - start))) / 2 }),
      ("inverse_sqrt", { (max(start, 1) / max($0, 1)).squareRoot() }),
    ]
    let misses = shapes.map { shape in
      (decay.reduce(0) { $0 + pow($1.rate - shape.rate($1.step), 2) } / Double(decay.count))
        .squareRoot()
    }
    guard let best = misses.indices.min(by: { misses[$0] < misses[$1] }), misses[best] < 0.03
    else { return nil }
    return shapes[best].kind
  }
}
