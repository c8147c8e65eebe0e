import RealModule
import Runs
import ScalingLaws

/// A world whose optimum is a power law in the effective rate, and bends in the peak rate.
///
/// The effective rate rises with the peak rate ever less, as weights come to their equilibrium sooner
/// at a higher rate.
struct EffectiveWorld {
  /// Its rates are effective ones.
  var law = PlantedLaw()
  /// Of the log of the effective rate, in the log of the peak rate, at the reference.
  var slope = 0.7
  var bend = -0.08
  /// The power of params in the effective rate at one peak rate.
  var paramsExponent = 0.1
  /// How far a measured effective rate scatters, in nats.
  var scatter = 0.02

  private static let reference = 2e-3

  func effective(atPeak peak: Double, _ scale: RunScale) -> Double {
    let x = Double.log(peak / Self.reference)
    return Self.reference
      * .exp(slope * x + bend * x * x + paramsExponent * .log(scale.params / 1e8))
  }

  /// The peak rate of the optimum, by bisection.
  func optimalPeak(at scale: RunScale) -> Double {
    var (low, high) = (1e-7, 3e-2)
    let wanted = law.optimum(at: scale)
    while high / low > 1 + 1e-9 {
      let middle = (low * high).squareRoot()
      if effective(atPeak: middle, scale) < wanted { low = middle } else { high = middle }
    }
    return low
  }

  func runs(at scales: [RunScale], peaks: [Double], seed: UInt64) -> [RunRecord] {
    scales.enumerated().flatMap { place, scale in
      let rates = peaks.map { effective(atPeak: $0, scale) }
      // A seed for each scale, as each call is for one cell.
      let runs = law.runs(at: [scale], learningRates: rates, seed: seed + 1000 * UInt64(place))
      return zip(runs, peaks).enumerated().map { index, pair in
        var (run, peak) = pair
        var random = KeyedRandom(seed: seed, 9, UInt64(place), UInt64(index))
        run.effectiveLearningRate = run.learningRate * .exp(scatter * random.normal())
        run.learningRate = peak
        run.trunk = "\(scale.params)-\(peak)"
        return run
      }
    }
  }
}
