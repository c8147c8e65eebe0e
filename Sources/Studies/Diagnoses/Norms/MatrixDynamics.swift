import RealModule
package import Runs

/// What one matrix did along a run, beside what theory says of its norm.
package struct MatrixDynamics: Sendable {
  /// One look at it.
  package struct Point: Sendable {
    package var step: Int
    package var tokens: Int
    package var measured: Telemetry.Matrix
    /// The root mean square of the weights that theory predicts from the first look: with the measured u.
    package var theory: Double
    /// The same with u = 1, as the law is printed; `nil` for rules that it is not for.
    package var printedTheory: Double?
    /// What the rate of this step would lead to if it lasted; `nil` without decay.
    package var equilibrium: Double?
  }

  /// Where u of the theory comes from.
  package enum Growth: String, Codable, Sendable {
    /// The measured step, times what momentum makes of it.
    case accumulated
    /// The measured step and its measured angle to the weights, which holds whatever adds up.
    case measuredAngle = "measured_angle"
  }

  package let path: String
  package let role: String
  package let count: Int
  package let rateFactor: Double
  package let weightDecay: Double
  /// Whether the rule keeps its norm, so that there is nothing to predict.
  package let keepsNorm: Bool
  package let growth: Growth
  /// In the order of steps; none without telemetry.
  package let points: [Point]
  /// 2 Σ ηλ over the steps that were made, and over all that are asked.
  package let decaySum: Double
  package let plannedDecaySum: Double
  /// The first step after which 2 Σ ηλ leaves less of the first transient than counts.
  package let equilibratedAt: Int?

  /// The largest relative difference of the measured from the theory's root mean square.
  package var deviation: Double? {
    points.dropFirst().map { $0.measured.weightRMS / $0.theory - 1 }
      .max { abs($0) < abs($1) }
  }

  /// - Parameters:
  ///   - settings: The matrix.
  ///   - run: Its run.
  ///   - memory: What the run's rule remembers, where it is known.
  init(_ settings: RunEvidence.Matrix, in run: RunEvidence, memory: DirectionMemory?) {
    let looks = run.looks.compactMap { look in
      look.telemetry.matrices.first { $0.path == settings.path }.map { (look, $0) }
    }.filter { $1.isFinite && $1.weightRMS > 0 }
    path = settings.path
    role = settings.role
    count = settings.count
    // What was measured counts for more than what the description leads to.
    let told = looks.last { look, matrix in
      matrix.learningRate > 0 && run.rate(of: look.step) > 0
    }
    rateFactor = told.map { $1.learningRate / run.rate(of: $0.step) } ?? settings.rateFactor
    keepsNorm = settings.keepsNorm
    weightDecay = keepsNorm ? 0 : told?.1.weightDecay ?? settings.weightDecay
    growth = memory == nil ? .measuredAngle : .accumulated
    (decaySum, plannedDecaySum, equilibratedAt) = Self.sums(
      run, rateFactor: rateFactor, weightDecay: weightDecay)
    points = NormPath(
      run, rateFactor: rateFactor, weightDecay: weightDecay, memory: memory, keepsNorm: keepsNorm
    ).points(looks)
  }

  private static func sums(
    _ run: RunEvidence, rateFactor: Double, weightDecay: Double
  ) -> (made: Double, planned: Double, equilibratedAt: Int?) {
    var (sum, made, reached) = (0.0, 0.0, Int?.none)
    for (index, rate) in run.rates.enumerated() {
      sum += 2 * rate * rateFactor * weightDecay
      if index < run.stepsMade { made = sum }
      if reached == nil, NormTheory.remaining(sum) < NormTheory.equilibratedBelow {
        reached = index + 1
      }
    }
    return (made, sum, reached)
  }
}

extension RunEvidence {
  /// η of a step, counted from 1.
  func rate(of step: Int) -> Double {
    rates.indices.contains(step - 1) ? rates[step - 1] : 0
  }
}
