/// Positive values, of which those next to each other count as the least of them.
///
/// Steps are whole and tables round, so that one horizon or grid point has several numbers.
struct GroupedValues {
  private var representatives: [Double: Double] = [:]

  static let tolerance = 0.01

  init(_ values: [Double]) {
    var representative = 0.0
    for value in Set(values).sorted() {
      if value > representative * (1 + Self.tolerance) { representative = value }
      representatives[value] = representative
    }
  }

  subscript(value: Double) -> Double { representatives[value] ?? value }
}
