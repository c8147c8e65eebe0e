import Foundation

extension StudyDescription {
  /// The peak learning rates of a sweep.
  package enum LearningRates: Hashable, Sendable {
    /// `points` rates at equal ratios, the first and the last as given.
    case spaced(from: Double, to: Double, points: Int)
    /// Rates in ascending order.
    case listed([Double])

    /// Every rate, ascending; a single point of a range is its geometric middle.
    package var values: [Double] {
      switch self {
      case .listed(let values): values
      case .spaced(let from, let to, 1): [(from * to).squareRoot()]
      case .spaced(let from, let to, let points):
        (0..<points).map { index in
          index == points - 1 ? to : from * pow(to / from, Double(index) / Double(points - 1))
        }
      }
    }
  }
}

extension StudyDescription.LearningRates {
  /// More than any sweep needs, and few enough to list.
  private static let mostPoints = 1000

  init(_ value: YAMLValue) throws(DescriptionError) {
    if value.isList {
      let rates = try value.ascending { rate throws(DescriptionError) in
        try rate.positiveNumber()
      }
      self = .listed(rates)
      return
    }
    let fields = try YAMLFields(value, known: ["from", "to", "points"])
    let from = try fields.required("from").positiveNumber()
    let to = try fields.required("to").number("a number above `from`, \(from)") {
      $0 > from && ($0 / from).isFinite
    }
    let points = try fields.required("points").wholeNumber(in: 1...Self.mostPoints)
    self = .spaced(from: from, to: to, points: points)
  }
}
