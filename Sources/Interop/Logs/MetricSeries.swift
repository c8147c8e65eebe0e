/// The numbers that were logged under one name, in the order of the file.
///
/// Memory is bounded: when it is full, every other point of the older half is left out, so that
/// the end stays dense and the whole keeps its shape.
package struct MetricSeries: Sendable {
  /// The most points that are held.
  package static let mostPoints = 1 << 20

  /// No run has a step beyond these, and a distance between steps within them is a whole number.
  package static let possibleSteps = -(1 << 53)...1 << 53

  package let name: String
  package private(set) var steps: [Int] = []
  package private(set) var values: [Double] = []
  package init(name: String) { self.name = name }

  package private(set) var isThinned = false

  /// How many points were left out, their steps beyond what is possible.
  package private(set) var impossible = 0

  /// The steps between two points, in the mean; `nil` where there are no two.
  var interval: Double? {
    guard let first = steps.first, let last = steps.last, steps.count > 1 else { return nil }
    return (Double(last) - Double(first)) / Double(steps.count - 1)
  }

  package mutating func append(_ value: Double, at step: Int) {
    guard Self.possibleSteps.contains(step) else {
      impossible += 1
      return
    }
    if steps.count == Self.mostPoints { thin() }
    steps.append(step)
    values.append(value)
  }

  private mutating func thin() {
    isThinned = true
    let half = Self.mostPoints / 2
    var kept = 0
    for index in 0..<Self.mostPoints where index >= half || index.isMultiple(of: 2) {
      steps[kept] = steps[index]
      values[kept] = values[index]
      kept += 1
    }
    steps.removeLast(steps.count - kept)
    values.removeLast(values.count - kept)
  }

  /// The points with one for each step, in the order of steps.
  ///
  /// A run that was resumed tells some steps again: of those the last counts, and what an earlier
  /// attempt logged beyond the step at which a later one began is dropped.
  package var resumed: MetricSeries {
    guard zip(steps, steps.dropFirst()).contains(where: { $0 >= $1 }) else { return self }
    var series = MetricSeries(name: name)
    for (step, value) in zip(steps, values) {
      while let last = series.steps.last, last >= step {
        series.steps.removeLast()
        series.values.removeLast()
      }
      series.steps.append(step)
      series.values.append(value)
    }
    (series.isThinned, series.impossible) = (isThinned, impossible)
    return series
  }
}
