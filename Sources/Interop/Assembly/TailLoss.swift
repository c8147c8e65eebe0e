import Foundation

/// The loss that a run ended with, from the end of a noisy curve.
///
/// The mean over the last steps, with a standard error that knows that neighbouring points are
/// alike: the spread about a line through them, times the square root of the autocorrelation time
/// over their number (Geyer 1992, initial positive sequence).
package struct TailLoss {
  /// The part of the run's steps that counts as its end.
  package static let share = 0.05
  /// Fewer points than this tell nothing of their own spread.
  private static let leastForError = 8
  /// More points than this are averaged by neighbours first, which the spread of their mean does not feel.
  private static let mostForError = 4096

  package let value: Double
  /// `nil` where there are too few points.
  package let standardError: Double?
  package let count: Int

  /// - Returns: `nil` without points, or where the last is no number.
  package init?(steps: [Int], values: [Double]) {
    guard let last = steps.last, values.last?.isFinite == true else { return nil }
    let first = Double(steps.first ?? last)
    let from = first + (Double(last) - first) * (1 - Self.share)
    let start = steps.firstIndex { Double($0) > from } ?? steps.count - 1
    let tail = values[start...].filter(\.isFinite)
    count = tail.count
    value = tail.reduce(0, +) / Double(tail.count)
    standardError =
      count < Self.leastForError ? nil : Self.standardError(of: Self.detrended(Self.thinned(tail)))
  }

  /// Means of neighbours, few enough to be compared with one another.
  private static func thinned(_ values: [Double]) -> [Double] {
    let width = (values.count + mostForError - 1) / mostForError
    guard width > 1 else { return values }
    return stride(from: 0, to: values.count - width + 1, by: width).map { start in
      values[start..<(start + width)].reduce(0, +) / Double(width)
    }
  }

  private static func detrended(_ values: [Double]) -> [Double] {
    let middle = Double(values.count - 1) / 2
    let mean = values.reduce(0, +) / Double(values.count)
    var (covariance, variance) = (0.0, 0.0)
    for (index, value) in values.enumerated() {
      let place = Double(index) - middle
      covariance += place * (value - mean)
      variance += place * place
    }
    let slope = covariance / variance
    return values.enumerated().map { $1 - mean - slope * (Double($0) - middle) }
  }

  /// Of the mean of residuals about a line.
  private static func standardError(of residuals: [Double]) -> Double {
    let count = residuals.count
    func covariance(_ lag: Int) -> Double {
      zip(residuals, residuals.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
    }
    let variance = covariance(0)
    guard variance > 0 else { return 0 }
    var time = -1.0
    var lag = 0
    while 2 * lag + 1 < count / 2 {
      let pair = (covariance(2 * lag) + covariance(2 * lag + 1)) / variance
      guard pair > 0 else { break }
      time += 2 * pair
      lag += 1
    }
    let freedom = Double(count) / Double(count - 2)
    return (variance * freedom * max(time, 1 / Double(count)) / Double(count)).squareRoot()
  }
}
