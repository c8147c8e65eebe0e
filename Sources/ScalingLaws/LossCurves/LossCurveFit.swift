import RealModule

/// A law of loss curves, fitted to runs of one model at one peak rate that differ in schedule.
package struct LossCurveFit: Sendable {
  package let form: LossCurveForm
  package let law: any LossCurveLaw
  /// The law's constants with the intervals of block draws, in the order of the law's own.
  package let constants: [(symbol: String, estimate: Estimate)]
  /// Laws that the curves allow beside the best.
  package let draws: [any LossCurveLaw]
  /// The fitted curves, by name.
  package let curves: [PacedCurve]
  package let warmupSteps: Int
  package let confidence: Double
  /// The standard deviation of a loss late in a fitted curve around the law, over the loss.
  package let noise: Double
  /// Each fitted curve as the law made without it predicts it; empty where too few would be left.
  package let leftOut: [(name: String, score: CurveScore)]

  package struct Options: Sendable {
    package var form = LossCurveForm.multiPower
    /// How long the rate rose from 0 where logs do not show it; `nil` for the first step that any
    /// curve has.
    package var warmupSteps: Int?
    package var draws = 200
    package var confidence = 0.9
    package var seed: UInt64 = 0

    package init() {}
  }

  /// Fewer points than this after the warm-up say too little of a curve.
  package static let leastPoints = 12
  /// A law that explains less of the fitted curves' own variance, on average, is none of theirs:
  /// on public curves it explains more than 0.99.
  private static let leastDetermination = 0.5
  /// Curves of one peak rate may be logged with rounding errors.
  private static let peakTolerance = 0.01

  /// - Throws: When the curves do not determine the law; the error says which and what to do.
  package init(
    fitting curves: [LossCurve], options: Options = Options(),
    progress: (Double) -> Void = { _ in }
  ) throws(LossCurveError) {
    let warmup = options.warmupSteps ?? Self.warmupSteps(of: curves)
    // By name, so that the answer does not depend on the order in which curves are given.
    let paced = curves.sorted { $0.name < $1.name }.map {
      PacedCurve($0, warmupSteps: warmup)
    }
    try Self.check(paced)
    let best = try Self.solve(paced, form: options.form)
    progress(1 / Double(paced.count + 1))
    let draws = try (0..<options.draws).map { draw throws(LossCurveError) in
      try best.draw(draw, seed: options.seed)
    }
    form = options.form
    law = best.law
    self.draws = draws
    constants = best.law.constants.enumerated().map { place, constant in
      (
        constant.symbol,
        Estimate(
          value: constant.value, sample: draws.map { $0.constants[place].value },
          confidence: options.confidence
        ).holdingValue
      )
    }
    try Self.check(constants)
    try Self.check(best.law, describes: paced)
    self.curves = paced
    warmupSteps = warmup
    confidence = options.confidence
    noise = Self.noise(of: best.law, on: paced)
    var leftOut: [(name: String, score: CurveScore)] = []
    for index in paced.indices {
      var rest = paced
      let held = rest.remove(at: index)
      progress(Double(index + 1) / Double(paced.count + 1))
      guard rest.count > 1, (try? Self.check(rest)) != nil,
        let law = try? Self.solve(rest, form: options.form).law
      else { continue }
      let score = CurveScore(of: law, on: held)
      if score.isFinite { leftOut.append((held.curve.name, score)) }
    }
    self.leftOut = leftOut
    progress(1)
  }

  /// The first step that any curve has: what is before it is taken to be the warm-up.
  private static func warmupSteps(of curves: [LossCurve]) -> Int {
    curves.map(\.firstStep).min() ?? 0
  }

  private static func check(_ curves: [PacedCurve]) throws(LossCurveError) {
    guard let first = curves.first else { throw .noCurves }
    for paced in curves {
      guard paced.judged.count >= leastPoints else {
        throw .fewPoints(paced.curve.name, found: paced.judged.count, needed: leastPoints)
      }
      if let loss = paced.constantLoss { throw .constantLoss(paced.curve.name, loss) }
      let (peak, other) = (first.curve.peakRate, paced.curve.peakRate)
      guard abs(other / peak - 1) <= peakTolerance else {
        throw .peaksDiffer(first.curve.name, peak, paced.curve.name, other)
      }
    }
    guard curves.contains(where: \.curve.decays) else {
      throw .nothingDecays(curves.map(\.curve.name))
    }
  }

  private static func check(
    _ constants: [(symbol: String, estimate: Estimate)]
  ) throws(LossCurveError) {
    for constant in constants where !constant.estimate.isFinite {
      throw .unboundedConstant(constant.symbol)
    }
  }

  private static func check(
    _ law: any LossCurveLaw, describes curves: [PacedCurve]
  ) throws(LossCurveError) {
    var (sum, worst) = (0.0, (name: "", determination: Double.infinity))
    for paced in curves {
      let determination = CurveScore(of: law, on: paced).accuracy.determination
      guard determination.isFinite else { throw .noPrediction(paced.curve.name) }
      sum += determination
      if determination < worst.determination { worst = (paced.curve.name, determination) }
    }
    let mean = sum / Double(curves.count)
    guard mean >= leastDetermination else {
      throw .notDescribed(worst.name, determination: worst.determination, mean: mean)
    }
  }

  private static func solve(
    _ curves: [PacedCurve], form: LossCurveForm
  ) throws(LossCurveError) -> any SolvedCurveLaw {
    let sample = CurveSample(curves)
    switch form {
    case .multiPower: return try MultiPowerSolution(sample)
    case .annealing: return try AnnealingSolution(sample)
    }
  }

  /// Late is the last fifth, where the law's shape is settled.
  private static func noise(of law: any LossCurveLaw, on curves: [PacedCurve]) -> Double {
    let squares = curves.flatMap { paced -> [Double] in
      let predicted = law.losses(along: paced.path)
      return paced.judged.suffix(max(paced.judged.count / 5, 1)).compactMap { place in
        paced.curve.points[place].loss.map {
          let error = predicted[paced.knots[place]] / $0 - 1
          return error * error
        }
      }
    }
    return (squares.reduce(0, +) / Double(max(squares.count, 1))).squareRoot()
  }
}

/// A law at the best of a sample, with what it takes to draw others that the sample allows.
protocol SolvedCurveLaw {
  var law: any LossCurveLaw { get }
  /// The law that one Newton step away answers to blocks of points drawn again.
  func draw(_ draw: Int, seed: UInt64) throws(LossCurveError) -> any LossCurveLaw
}

/// How a law predicts a curve.
package struct CurveScore: Hashable, Sendable {
  package var accuracy: CurveAccuracy
  /// The last measured loss.
  package var finalLoss: Double
  package var predictedFinalLoss: Double

  package init(of law: any LossCurveLaw, on paced: PacedCurve) {
    let losses = law.losses(along: paced.path)
    let predicted = paced.judged.map { losses[paced.knots[$0]] }
    let measured = paced.losses
    accuracy = CurveAccuracy(predicted: predicted, measured: measured)
    finalLoss = measured[measured.count - 1]
    predictedFinalLoss = predicted[predicted.count - 1]
  }

  package var finalError: Double { predictedFinalLoss - finalLoss }

  var isFinite: Bool {
    predictedFinalLoss.isFinite && accuracy.determination.isFinite
      && accuracy.worstRelative.isFinite
  }
}
