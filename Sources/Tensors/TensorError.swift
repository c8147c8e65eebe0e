/// Why nothing can be computed here.
package enum TensorError: Error, Hashable {
  case noMatrixLibrary
  case outOfMemory(bytes: Int)
}

extension TensorError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noMatrixLibrary:
      "oneDNN, which multiplies matrices, was not found; run `make set-up`, or install the package "
        + "that has libdnnl.so, such as libdnnl-dev"
    case .outOfMemory(let bytes):
      "the system gives no \(bytes) bytes of memory; take a smaller model or a shorter sequence"
    }
  }
}
