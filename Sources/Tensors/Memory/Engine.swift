import CKernels

/// The kernels of one precision, ready to be called.
package struct Engine: Sendable {
  package let precision: Precision
  let kernels: CKernels
  /// Whose kernels they are, such as AVX-512.
  package var instructionSet: String { String(cString: kernels.instruction_set) }
  /// The library that multiplies matrices, with its version.
  package let matrixLibrary: String

  /// The best kernels for this machine.
  package init(_ precision: Precision = .single) throws(TensorError) {
    switch precision {
    case .single: try self.init(float: ckernels_float().pointee)
    case .double: self.init(.double, ckernels_double().pointee, matrixLibrary: "plain loops")
    }
  }

  private init(float kernels: CKernels) throws(TensorError) {
    guard let library = ckernels_open_matrix_library() else { throw .noMatrixLibrary }
    self.init(.single, kernels, matrixLibrary: String(cString: library))
  }

  private init(_ precision: Precision, _ kernels: CKernels, matrixLibrary: String) {
    self.precision = precision
    self.kernels = kernels
    self.matrixLibrary = matrixLibrary
  }

  /// The float kernels of every instruction set that this machine has, the best first.
  package static func variants() throws(TensorError) -> [Engine] {
    var engines: [Engine] = []
    while let kernels = ckernels_float_variant(Int32(engines.count)) {
      engines.append(try Engine(float: kernels.pointee))
    }
    return engines
  }
}
