import RealModule
import Runs

/// The peak learning rate that has a recommended effective rate.
package struct PeakRate: Hashable, Encodable, Sendable {
  /// Of the rate to use.
  package var learningRate: Double
  /// Of the optimum and the ends of its interval, which hold the conversion's error too.
  package var optimum: Double
  package var lower: Double
  package var upper: Double

  /// There is none for a law in peak rates.
  ///
  /// - Parameters:
  ///   - law: The law to answer by.
  ///   - target: The scale asked for.
  ///   - prediction: What the law says there.
  init?(_ law: LearningRateLaw, at target: RunScale, prediction: RatePrediction) {
    guard let conversion = law.conversion else { return nil }
    var place = target
    place.batchTokens = target.batchTokens ?? law.bestBatchTokens(at: target)
    func peak(_ logEffective: Double) -> (value: Double, standardError: Double) {
      conversion.logPeak(atLogEffective: logEffective, place)
    }
    let sample = law.answering(at: target).sample(at: target, measured: true)
      .enumerated().map { index, logEffective in
        let converted = peak(logEffective)
        var random = KeyedRandom(seed: 0, RandomPurpose.conversion, UInt64(index))
        return converted.value + converted.standardError * random.normal()
      }
    let logs = Estimate(
      value: peak(.log(prediction.optimum.value)).value, sample: sample,
      confidence: prediction.optimum.confidence)
    learningRate = .exp(peak(.log(prediction.learningRate)).value)
    optimum = .exp(logs.value)
    lower = .exp(logs.lower)
    upper = .exp(logs.upper)
  }
}
