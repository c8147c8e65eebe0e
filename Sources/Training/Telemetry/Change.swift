import Optimizers
package import Tensors

/// What an array was and what was added to it: their products with themselves and each other, summed in
/// double.
package struct Change {
  package let start: Double
  package let along: Double
  package let difference: Double

  package init(start: Double, along: Double, difference: Double) {
    (self.start, self.along, self.difference) = (start, along, difference)
  }

  package init(from start: StorageSlice, to end: StorageSlice) {
    switch start.storage.precision {
    case .single: self.init(start.scalars(of: Float.self), end.scalars(of: Float.self))
    case .double: self.init(start.scalars(of: Double.self), end.scalars(of: Double.self))
    }
  }

  private init<Scalar: EngineScalar>(
    _ start: UnsafeMutableBufferPointer<Scalar>, _ end: UnsafeMutableBufferPointer<Scalar>
  ) {
    precondition(start.count == end.count, "\(start.count) and \(end.count) scalars")
    // Four sums of each, which do not wait for one another.
    var (own, along, other) = (SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>())
    let whole = start.count - start.count % 4
    for place in stride(from: 0, to: whole, by: 4) {
      let a = SIMD4(
        Double(start[place]), Double(start[place + 1]), Double(start[place + 2]),
        Double(start[place + 3]))
      let b = SIMD4(
        Double(end[place]), Double(end[place + 1]), Double(end[place + 2]),
        Double(end[place + 3]))
      let difference = b - a
      own += a * a
      along += a * difference
      other += difference * difference
    }
    for index in whole..<start.count {
      let a = Double(start[index])
      let difference = Double(end[index]) - a
      own[0] += a * a
      along[0] += a * difference
      other[0] += difference * difference
    }
    (self.start, self.along, self.difference) = (own.sum(), along.sum(), other.sum())
  }
}
