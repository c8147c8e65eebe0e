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

  package init(role: ParameterRole, shape: ParameterShape) {
    self.role = role
    self.shape = shape
  }

  /// The sizes of the array that holds it, outermost first, as other programs see it.
  package var dimensions: [Int] {
    switch role {
    case .embedding: [shape.fanIn, shape.fanOut]
    case .norm, .bias, .scalar: [shape.fanOut]
    default: (shape.stack > 1 ? [shape.stack] : []) + [shape.fanOut, shape.fanIn]
    }
  }
}
