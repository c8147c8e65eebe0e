/// The scalar type of everything a tape computes: float to train, double to check gradients.
package enum Precision: String, CaseIterable, Sendable {
  case single, double

  /// In bytes.
  package var stride: Int {
    switch self {
    case .single: MemoryLayout<Float>.stride
    case .double: MemoryLayout<Double>.stride
    }
  }
}
