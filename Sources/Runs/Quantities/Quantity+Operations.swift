extension Quantity {
  /// The text of a number of floating-point operations, such as `1.3e15`.
  package static func operations(_ count: Double) -> String {
    count > 0 ? learningRate(count) : "0"
  }
}
