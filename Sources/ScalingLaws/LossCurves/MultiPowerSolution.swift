import RealModule

/// The multi-power law at the best of a sample.
///
/// Two stages, as in the authors' code. First the law with a bracket of 1, in which a change of rate
/// acts at once: L0 + A S^-α - B (peak - η). It gives B, and is where the second stage starts. Then
/// the others with B held: B and the pace of the bracket trade off against each other so well on
/// curves of one length that B left free takes up their errors, and longer cosines are missed by
/// nearly twice as much. C, β and γ are held weakly where the authors start their search.
struct MultiPowerSolution: SolvedCurveLaw {
  private let sample: CurveSample
  private let prompt: RobustFit
  private let promptSolution: RobustFit.Solution
  private let full: RobustFit
  private let fullSolution: RobustFit.Solution

  /// C, β and γ of the authors' start.
  private static let start = (saturation: 1.0, saturationExponent: 0.5, rateExponent: 0.5)
  private static let firstExponents = [0.3, 0.5, 0.8]
  /// Where B stands among the parameters of the first stage.
  private static let scalePlace = 3

  init(_ sample: CurveSample) throws(LossCurveError) {
    self.sample = sample
    prompt = RobustFit(
      losses: sample.losses, weights: sample.weights, ridges: [],
      predict: { Self.prompt(sample, $0) })
    var best: RobustFit.Solution?
    for exponent in Self.firstExponents {
      let start = Self.firstParameters(sample, exponent: exponent)
      guard let found = try? prompt.solve(from: start) else { continue }
      if found.objective < best?.objective ?? .infinity { best = found }
    }
    guard let first = best?.parameters, let promptSolution = best else { throw .notDetermined }
    self.promptSolution = promptSolution
    let scale = first[Self.scalePlace]
    let start = [Self.start.saturation, Self.start.saturationExponent, Self.start.rateExponent]
      .map { Double.log($0) }
    full = RobustFit(
      losses: sample.losses, weights: sample.weights,
      ridges: start.enumerated().map { RobustFit.Ridge(parameter: 3 + $0, center: $1) },
      predict: { parameters in
        let law = MultiPowerLaw(parameters, logScale: scale)
        return sample.losses { law.losses(along: $0, at: $1) }
      })
    // The law's own L0 is that of a rate of 0, the first stage's that of the peak.
    let floor = first[0] - .exp(scale) * sample.peakRate
    fullSolution = try full.solve(from: [floor, first[1], first[2]] + start)
  }

  var law: any LossCurveLaw {
    MultiPowerLaw(
      fullSolution.parameters, logScale: promptSolution.parameters[Self.scalePlace])
  }

  func draw(_ draw: Int, seed: UInt64) throws(LossCurveError) -> any LossCurveLaw {
    let counts = sample.counts(draw: draw, seed: seed)
    let scaleMove = try prompt.move(promptSolution, counts: counts)[Self.scalePlace]
    let logScale = promptSolution.parameters[Self.scalePlace]
    // How the points' log losses answer the other B, which the other parameters then make up for.
    let moved = MultiPowerLaw(fullSolution.parameters, logScale: logScale + scaleMove)
    let losses = sample.losses { moved.losses(along: $0, at: $1) }
    let before = full.predict(fullSolution.parameters)
    let shifts = zip(losses, before).map { Double.log(max($0, .leastNormalMagnitude) / $1) }
    let move = try full.move(fullSolution, counts: counts, shifts: shifts)
    return MultiPowerLaw(
      zip(fullSolution.parameters, move).map(+), logScale: logScale + scaleMove)
  }

  /// L0 + A S^-α - B (peak - η), from the parameters L0 and the logs of A, α and B.
  private static func prompt(_ sample: CurveSample, _ parameters: [Double]) -> [Double] {
    let exponent = -Double.exp(parameters[2])
    let (amplitude, scale) = (Double.exp(parameters[1]), Double.exp(parameters[scalePlace]))
    return sample.losses { path, places in
      places.map { place in
        let knot = path.knots[place]
        return parameters[0] + amplitude * .pow(knot.area, exponent)
          - scale * (sample.peakRate - knot.learningRate)
      }
    }
  }

  /// Parameters of about the right size: the fall over the curves, and a twentieth of the loss for
  /// the decay of the whole rate.
  private static func firstParameters(_ sample: CurveSample, exponent: Double) -> [Double] {
    let least = sample.losses.min() ?? 1
    let range = (sample.losses.max() ?? 1) - least
    let floor = least - 0.1 * range
    let area = sample.curves.first.map { $0.path.knots[$0.knots[$0.fitted[0]]].area } ?? 1
    let amplitude = max(1.1 * range, 1e-6) * .pow(max(area, 1e-12), exponent)
    return [floor, .log(amplitude), .log(exponent), .log(0.05 * least / sample.peakRate)]
  }
}

extension MultiPowerLaw {
  /// From the parameters L0 and the logs of A, α, C, β and γ, and the log of B.
  fileprivate init(_ parameters: [Double], logScale: Double) {
    self.init(
      floor: parameters[0], amplitude: .exp(parameters[1]), exponent: .exp(parameters[2]),
      decayScale: .exp(logScale), saturation: .exp(parameters[3]),
      saturationExponent: .exp(parameters[4]), rateExponent: .exp(parameters[5]))
  }
}

extension RobustFit {
  /// One Newton step from the best to where points that count `counts` times would have it.
  ///
  /// - Parameters:
  ///   - solution: The best.
  ///   - counts: How often each point counts.
  ///   - shifts: How much the log losses were changed beside, where they were.
  /// - Returns: The step.
  /// - Throws: `.notDetermined` for points that do not determine it.
  func move(
    _ solution: Solution, counts: [Double], shifts: [Double]? = nil
  ) throws(LossCurveError) -> [Double] {
    let all = Array(solution.parameters.indices)
    let shifts = shifts ?? [Double](repeating: 0, count: counts.count)
    let gradient = all.map { index in
      zip(solution.slopes.indices, counts).reduce(0) { sum, entry in
        let (point, count) = entry
        let slope = solution.slopes[point][index]
        return sum + slope * (count - 1) * solution.pulls[point]
          - slope * solution.precisions[point] * shifts[point]
      }
    }
    do {
      return try Cholesky(
        design(solution, rows: all, columns: all), count: all.count
      ).solve(gradient)
    } catch {
      throw .notDetermined
    }
  }
}
