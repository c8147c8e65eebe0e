import RealModule
import Runs

/// A few neighbouring steps, shown as one point of a curve.
struct CurvePoint: Hashable, Sendable {
  var steps: ClosedRange<Int>
  /// The middle of the steps.
  var tokens: Double
  /// Over those steps that have a number; not a number where none has.
  var mean: Double
  var least: Double
  var greatest: Double
}

/// How the steps of a run are put together into points.
enum CurveWindows {
  /// About as many points as a screen tells apart.
  static let most = 1000

  /// Windows of one length, the last one shorter, `most` of them at the most.
  static func even(_ count: Int) -> [Range<Int>] {
    let length = (count + most - 1) / most
    return stride(from: 0, to: count, by: max(length, 1)).map { $0..<min($0 + length, count) }
  }

  /// Windows of about one length on a logarithmic axis: single steps first.
  static func widening(_ count: Int) -> [Range<Int>] {
    guard count > most else { return (0..<count).map { $0..<$0 + 1 } }
    // Equal ratios would take fewer than `most` windows for any count, as the first are one step.
    let ratio = Double.pow(Double(count), 1 / Double(most))
    var windows: [Range<Int>] = []
    var start = 0
    while start < count {
      let end = min(max(start + 1, Int((Double(start) * ratio).rounded())), count)
      windows.append(start..<end)
      start = end
    }
    return windows
  }
}

extension [Logged<TrainingEvent.Train>] {
  /// A point for each of `windows`.
  func points(
    _ windows: [Range<Int>], of value: (TrainingEvent.Train) -> Double?
  ) -> [CurvePoint] {
    windows.compactMap { window in
      guard let first = self[window].first, let last = self[window].last else { return nil }
      let values = self[window].compactMap { value($0.value) }
      return CurvePoint(
        steps: first.step...last.step, tokens: (Double(first.tokens) + Double(last.tokens)) / 2,
        mean: values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count),
        least: values.min() ?? .nan, greatest: values.max() ?? .nan)
    }
  }
}
