package import Parametrizations

/// The matrices that a parameter is a stack of, as they lie in memory: rows one after another.
package struct MatrixShape: Hashable, Sendable {
  package var stack: Int
  /// The fan-out.
  package var rows: Int
  /// The fan-in.
  package var columns: Int

  /// - Throws: `.notAMatrix` for vectors, and for tables whose rows are looked up.
  package init(_ spec: ParameterSpec, for rule: String) throws(OptimizerError) {
    switch spec.role {
    case .hidden, .output, .router, .expertUp, .expertGate, .expertDown: self.init(of: spec)
    case .embedding, .norm, .bias, .scalar:
      throw .notAMatrix(rule: rule, role: spec.role.rawValue)
    }
  }

  /// - Precondition: The parameter is a stack of matrices.
  init(of spec: ParameterSpec) {
    (stack, rows, columns) = (spec.shape.stack, spec.shape.fanOut, spec.shape.fanIn)
  }

  package var count: Int { rows * columns }

  /// The places of one matrix of the stack.
  func range(_ matrix: Int) -> Range<Int> { matrix * count..<(matrix + 1) * count }
}
