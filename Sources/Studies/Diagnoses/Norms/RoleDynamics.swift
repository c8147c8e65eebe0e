import Runs

/// What the matrices of one role did together.
package struct RoleDynamics: Sendable {
  /// Of all matrices of the role at one look: squares are averaged over weights, all else over matrices.
  package struct Point: Hashable, Codable, Sendable {
    package var step: Int
    package var tokens: Int
    package var learningRate: Double
    package var weightRMS: Double
    package var theory: Double
    package var printedTheory: Double?
    package var equilibrium: Double?
    package var directionRMS: Double?
    /// The effective learning rates of arXiv 2606.29158 and 2608.24814.
    package var displacement: Double
    package var rateOverNorm: Double
    package var cosine: Double?
    /// The largest singular value over the norm.
    package var topShare: Double
    /// The root mean square of the update over that of the weights.
    package var updateShare: Double
  }

  package let role: String
  package let matrices: [MatrixDynamics]
  package let points: [Point]

  init(_ role: String, _ matrices: [MatrixDynamics]) {
    self.role = role
    self.matrices = matrices
    let steps = Set(matrices.flatMap { $0.points.map(\.step) }).sorted()
    var byStep: [Int: [(count: Double, point: MatrixDynamics.Point)]] = [:]
    for matrix in matrices {
      for point in matrix.points {
        byStep[point.step, default: []].append((Double(matrix.count), point))
      }
    }
    // A matrix that a look lacks would make a step of the means that no weight made.
    points = steps.compactMap { step in
      byStep[step].flatMap { $0.count == matrices.count ? Point($0) : nil }
    }
  }

  /// The least 2 Σ ηλ of its matrices.
  package var decaySum: Double { matrices.map(\.decaySum).min() ?? 0 }
  package var plannedDecaySum: Double { matrices.map(\.plannedDecaySum).min() ?? 0 }
  /// When the last of its matrices had equilibrated.
  package var equilibratedAt: Int? {
    let steps = matrices.compactMap(\.equilibratedAt)
    return steps.count == matrices.count ? steps.max() : nil
  }

  package var count: Int { matrices.reduce(0) { $0 + $1.count } }

  /// The largest relative difference of the measured from the theory's root mean square.
  package var deviation: Double? {
    points.dropFirst().map { $0.weightRMS / $0.theory - 1 }.max { abs($0) < abs($1) }
  }

  /// The mean over the steps of a run of a quantity that is looked at now and then.
  package func mean(_ value: (Point) -> Double) -> Double? {
    guard let first = points.first, let last = points.last, last.step > first.step else {
      return nil
    }
    let area = zip(points, points.dropFirst()).reduce(0) { sum, pair in
      sum + Double(pair.1.step - pair.0.step) * (value(pair.0) + value(pair.1)) / 2
    }
    return area / Double(last.step - first.step)
  }
}

extension RoleDynamics.Point {
  fileprivate init?(_ parts: [(count: Double, point: MatrixDynamics.Point)]) {
    guard let first = parts.first?.point else { return nil }
    let (weights, matrices) = (parts.reduce(0) { $0 + $1.count }, Double(parts.count))
    func root(_ value: (MatrixDynamics.Point) -> Double?) -> Double? {
      var sum = 0.0
      for (count, point) in parts {
        guard let value = value(point) else { return nil }
        sum += count * value * value
      }
      return (sum / weights).squareRoot()
    }
    func mean(_ value: (MatrixDynamics.Point) -> Double?) -> Double? {
      let values = parts.compactMap { value($0.point) }
      return values.count == parts.count ? values.reduce(0, +) / matrices : nil
    }
    step = first.step
    tokens = first.tokens
    learningRate = mean(\.measured.learningRate) ?? 0
    weightRMS = root(\.measured.weightRMS) ?? 0
    theory = root(\.theory) ?? 0
    printedTheory = root(\.printedTheory)
    equilibrium = root(\.equilibrium)
    directionRMS = root(\.measured.directionRMS)
    displacement = mean(\.measured.displacement) ?? 0
    rateOverNorm = mean(\.measured.rateOverNorm) ?? 0
    cosine = mean(\.measured.cosine)
    topShare = mean { $0.measured.topSingularValue / $0.measured.weightNorm } ?? 0
    updateShare = mean { $0.measured.updateRMS / $0.measured.weightRMS } ?? 0
  }
}
