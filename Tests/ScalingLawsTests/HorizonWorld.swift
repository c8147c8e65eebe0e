import Numerics
import Runs
import ScalingLaws

/// Trunks whose annealed losses follow known curves, to test the search-factor law against.
struct HorizonWorld {
  var exponent = 0.4
  /// The power and the share of a second term, which the law does not have.
  var bend: (exponent: Double, share: Double)?
  /// In nats.
  var noise = 1e-3
  var sizes = [5e7, 1e8, 2e8]
  var rates = [5e-4, 1e-3, 2e-3, 4e-3]
  var horizons = [1e9, 2e9, 4e9, 8e9]

  /// L0 and A differ between trunks, as they do off the optimum; tokens count in billions.
  func loss(params: Double, rate: Double, tokens: Double) -> Double {
    let z = Double.log(rate / 1.5e-3)
    let scale = Double.pow(params / 1e8, -0.1)
    let billions = tokens / 1e9
    let excess = 0.8 * (1 + 0.03 * z)
    let power = Double.pow(billions, -exponent)
    let bent = bend.map { (1 - $0.share) * power + $0.share * .pow(billions, -$0.exponent) }
    return 2.6 * scale + 0.02 * z * z + excess * (bent ?? power)
  }

  func measure(_ params: Double, _ rate: Double, _ tokens: Double, seed: UInt64) -> RunRecord {
    var random = KeyedRandom(
      seed: seed, UInt64(params), UInt64(rate * 1e9), UInt64(tokens / 1e3))
    var record = RunRecord(
      params: params, tokens: tokens, learningRate: rate,
      loss: loss(params: params, rate: rate, tokens: tokens) + noise * random.normal())
    record.batchTokens = 65_536
    record.trunk = "\(params)-\(rate)"
    record.seed = "1"
    return record
  }

  func runs(seed: UInt64 = 0) -> [RunRecord] {
    sizes.flatMap { params in
      rates.flatMap { rate in horizons.map { measure(params, rate, $0, seed: seed) } }
    }
  }

  /// How many of the predictions' intervals hold what annealing there measures.
  func covered(predicting tokens: [Double], seed: UInt64) -> (covered: Int, of: Int) {
    guard
      let search = HorizonSearch(
        fitting: runs(seed: seed), predicting: tokens, confidence: 0.9)
    else { return (0, 0) }
    var covered = 0
    var count = 0
    for law in search.laws {
      for curve in law.curves {
        for prediction in curve.predicted {
          let measured = measure(law.params, curve.learningRate, prediction.tokens, seed: seed).loss
          count += 1
          if let measured,
            (prediction.loss.lower...prediction.loss.upper).contains(measured)
          {
            covered += 1
          }
        }
      }
    }
    return (covered, count)
  }
}
