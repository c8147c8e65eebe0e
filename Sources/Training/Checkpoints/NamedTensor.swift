/// A tensor that is to be written, read from wherever it lies.
package struct NamedTensor {
  package let name: String
  /// Outermost first; `[]` is a single number.
  package let shape: [Int]
  private let access: (_ body: (UnsafeBufferPointer<Float>) throws -> Void) throws -> Void

  package init(name: String, shape: [Int], scalars: [Float]) {
    self.init(name: name, shape: shape, count: scalars.count) {
      try scalars.withUnsafeBufferPointer($0)
    }
  }

  /// A tensor in memory that must stay as it is until the tensor was written.
  package init(name: String, shape: [Int], memory: UnsafeBufferPointer<Float>) {
    self.init(name: name, shape: shape, count: memory.count) { try $0(memory) }
  }

  private init(
    name: String, shape: [Int], count: Int,
    access: @escaping (_ body: (UnsafeBufferPointer<Float>) throws -> Void) throws -> Void
  ) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == count,
      "\(name) has \(count) numbers for shape \(shape)")
    self.name = name
    self.shape = shape
    self.access = access
  }

  func withScalars(_ body: (UnsafeBufferPointer<Float>) throws -> Void) throws {
    try access(body)
  }
}
