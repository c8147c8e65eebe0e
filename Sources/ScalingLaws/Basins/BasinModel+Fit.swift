import RealModule

extension BasinModel {
  /// The model under which the slices together are most likely.
  ///
  /// Of very many slices an even choice is asked; more would not change what they share.
  ///
  /// Weak log-normal priors keep a side that no slice reaches from running away; they are our own
  /// judgement and weigh as much as about one slice.
  static func fitted(to slices: [SliceEvidence]) -> BasinModel {
    let asked = min(slices.count, mostSlices)
    let evidence = (0..<asked).map { slices[$0 * slices.count / asked] }
    func model(_ logs: [Double]) -> BasinModel {
      BasinModel(
        shape: BasinShape(left: .exp(logs[0]), right: .exp(logs[1])), depth: .exp(logs[2]),
        noise: .exp(logs[3]))
    }
    func score(_ logs: [Double]) -> Double {
      let candidate = model(logs)
      let likelihood = evidence.reduce(0) {
        $0 + OptimumLikelihood.logEvidence(of: $1, under: candidate)
      }
      return zip(priors, logs).reduce(likelihood) { $0 + $1.0.logDensity($1.1) }
    }
    let starts: [[Double]] = startingDepths.map {
      [.log(0.5), .log(1), .log($0), .log(usualNoise)]
    }
    let start = starts.max { score($0) < score($1) } ?? starts[0]
    return model(
      maximize(from: start, within: bounds, step: 0.4, tolerance: 0.01, score))
  }

  private static let mostSlices = 400
  /// The relative noise of one loss that the prior expects.
  private static let usualNoise = 5e-4
  private static let startingDepths = [0.003, 0.01, 0.03, 0.1]

  /// Priors of the logs of left, right, depth and noise.
  private static let priors = [
    NormalPrior(mean: .log(0.5), deviation: 0.7), NormalPrior(mean: 0, deviation: 0.7),
    NormalPrior(mean: .log(0.02), deviation: 1),
    NormalPrior(mean: .log(usualNoise), deviation: 1),
  ]

  private static let bounds: [ClosedRange<Double>] = [
    shapeLogs, shapeLogs, .log(1e-5)...(.log(10)), .log(1e-6)...(.log(0.1)),
  ]

  /// The powers that a side of a basin may have.
  static let shapeBounds = 0.02...8.0
  private static let shapeLogs: ClosedRange<Double> =
    .log(shapeBounds.lowerBound)...(.log(shapeBounds.upperBound))
}

/// A normal prior, of a coefficient or of a logarithm.
struct NormalPrior: Hashable, Sendable {
  var mean: Double
  var deviation: Double

  /// The log density, up to a constant.
  func logDensity(_ value: Double) -> Double {
    let z = (value - mean) / deviation
    return -0.5 * z * z
  }
}
