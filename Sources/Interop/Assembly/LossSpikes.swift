import Foundation

/// Points of a loss curve far above those before them.
struct LossSpikes {
  /// The points that a point is compared with.
  private static let window = 32
  /// How many robust standard deviations of its window a spike rises, and the least that it rises.
  private static let deviations = 8.0
  private static let leastHeight = 0.1

  private(set) var count = 0
  private(set) var largest: (step: Int, height: Double)?

  init(_ series: MetricSeries) {
    let values = series.values
    // The first fall of a run is steep, and no point of it has an even past.
    var index = max(Self.window, values.count / 20)
    var before = SortedWindow()
    while index < values.count {
      before.move(to: (index - Self.window)..<index, of: values)
      guard let height = Self.height(of: values[index], above: before.sorted) else {
        index += 1
        continue
      }
      count += 1
      if height > largest?.height ?? 0 { largest = (series.steps[index], height) }
      // What follows a spike falls back from it and is the same one.
      index += Self.window
    }
  }

  /// How far a spike rises above the sorted values before it; `nil` for what is none.
  private static func height(of value: Double, above before: [Double]) -> Double? {
    guard value.isFinite, before.count > window / 2 else { return nil }
    let median = before[before.count / 2]
    let height = value - median
    guard height > leastHeight else { return nil }
    let spread = 1.4826 * before.map { abs($0 - median) }.sorted()[before.count / 2]
    return height > deviations * spread ? height : nil
  }
}

/// The finite ones of neighbouring values in order, kept so while it moves over them.
private struct SortedWindow {
  private(set) var sorted: [Double] = []
  private var range = 0..<0

  mutating func move(to next: Range<Int>, of values: [Double]) {
    defer { range = next }
    guard next.lowerBound == range.lowerBound + 1, next.upperBound == range.upperBound + 1 else {
      sorted = values[next].filter(\.isFinite).sorted()
      return
    }
    let (old, new) = (values[range.lowerBound], values[range.upperBound])
    if old.isFinite, let place = sorted.firstIndex(of: old) { sorted.remove(at: place) }
    if new.isFinite { sorted.insert(new, at: sorted.firstIndex { $0 > new } ?? sorted.count) }
  }
}
