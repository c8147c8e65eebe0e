/// Steps on the sphere of matrices with a given norm (Hyperball, arXiv 2606.16899): the learning rate
/// is the length of a step over the radius.
struct Hyperball {
  private static let smallestNorm = 1e-10

  /// The norm that the matrix keeps.
  let radius: Double

  /// Moves `weight` along `direction`, whose length does not matter, and back to the sphere.
  func move<Scalar: EngineScalar>(
    _ weight: UnsafeMutableBufferPointer<Scalar>,
    along direction: UnsafeMutableBufferPointer<Scalar>, learningRate: Double
  ) {
    let length = Scalar(
      learningRate * radius / Swift.max(direction.norm, Self.smallestNorm))
    for index in weight.indices { weight[index] -= length * direction[index] }
    let norm = weight.norm
    if norm > 0 { weight.multiply(by: radius / norm) }
  }
}
