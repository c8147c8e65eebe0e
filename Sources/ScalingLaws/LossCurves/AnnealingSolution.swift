import RealModule

/// The annealing law at the best of a sample, from several starts of λ.
struct AnnealingSolution: SolvedCurveLaw {
  private let sample: CurveSample
  private let fit: RobustFit
  private let solution: RobustFit.Solution

  private static let firstExponents = [0.3, 0.6]
  /// 1/(1 - λ): over how many steps a fall of the rate acts.
  private static let firstMemories = [100.0, 1000, 10_000]

  init(_ sample: CurveSample) throws(LossCurveError) {
    self.sample = sample
    fit = RobustFit(
      losses: sample.losses, weights: sample.weights, ridges: [],
      predict: { parameters in
        let law = AnnealingLaw(parameters)
        return sample.losses { path, places in
          let losses = law.losses(along: path)
          return places.map { losses[$0] }
        }
      })
    var best: RobustFit.Solution?
    for exponent in Self.firstExponents {
      for memory in Self.firstMemories {
        let start = Self.firstParameters(sample, exponent: exponent, memory: memory)
        guard let found = try? fit.solve(from: start) else { continue }
        if found.objective < best?.objective ?? .infinity { best = found }
      }
    }
    guard let best else { throw .notDetermined }
    solution = best
  }

  var law: any LossCurveLaw { AnnealingLaw(solution.parameters) }

  func draw(_ draw: Int, seed: UInt64) throws(LossCurveError) -> any LossCurveLaw {
    let move = try fit.move(solution, counts: sample.counts(draw: draw, seed: seed))
    return AnnealingLaw(zip(solution.parameters, move).map(+))
  }

  private static func firstParameters(
    _ sample: CurveSample, exponent: Double, memory: Double
  ) -> [Double] {
    let least = sample.losses.min() ?? 1
    let range = (sample.losses.max() ?? 1) - least
    let area = sample.curves.first.map { $0.path.knots[$0.knots[$0.fitted[0]]].area } ?? 1
    let amplitude = max(1.1 * range, 1e-6) * .pow(max(area, 1e-12), exponent)
    return [
      least - 0.1 * range, .log(amplitude), .log(exponent),
      .log(0.03 * least / (sample.peakRate * memory)), .log(memory),
    ]
  }
}

extension AnnealingLaw {
  /// From the parameters L0 and the logs of A, α, C and 1/(1 - λ).
  fileprivate init(_ parameters: [Double]) {
    self.init(
      floor: parameters[0], amplitude: .exp(parameters[1]), exponent: .exp(parameters[2]),
      annealing: .exp(parameters[3]), memory: 1 - 1 / (1 + .exp(parameters[4])))
  }
}
