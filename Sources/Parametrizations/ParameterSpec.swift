/// A weight's shape, by meaning and not by position.
///
/// In memory a parameter is row-major `[stack, fanOut, fanIn]`, but for an embedding, whose rows are
/// looked up: `[fanIn, fanOut]`.
package struct ParameterShape: Hashable, Codable, Sendable {
  /// Independent matrices stored together: experts, or fused projections.
  package var stack: Int
  package var fanOut: Int
  package var fanIn: Int

  package init(stack: Int = 1, fanOut: Int, fanIn: Int) {
    self.stack = stack
    self.fanOut = fanOut
    self.fanIn = fanIn
  }

  package var count: Int { stack * fanOut * fanIn }
}

/// Everything known of a parameter before any memory is given to it.
package struct ParameterSpec: Hashable, Codable, Sendable {
  package let role: ParameterRole
  package let shape: ParameterShape
  /// The heads of attention that the rows of each matrix are those of, one head's after another; `nil`
  /// where rows go with no head, or nothing is asked of one head apart from the others.
  package let heads: Int?

  package init(role: ParameterRole, shape: ParameterShape, heads: Int? = nil) {
    precondition(heads.map { $0 > 0 && shape.fanOut.isMultiple(of: $0) } ?? true, "uneven heads")
    self.role = role
    self.shape = shape
    self.heads = heads
  }

  /// The sizes of the array that holds it, outermost first, as other programs see it.
  package var dimensions: [Int] {
    switch role {
    case .embedding: [shape.fanIn, shape.fanOut]
    case .norm, .bias, .scalar: [shape.fanOut]
    default: (shape.stack > 1 ? [shape.stack] : []) + [shape.fanOut, shape.fanIn]
    }
  }

  /// Whether it is a matrix, or a stack or a table of rows, and no vector.
  package var isMatrix: Bool {
    switch role {
    case .norm, .bias, .scalar: false
    default: true
    }
  }
}
