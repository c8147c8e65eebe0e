import RealModule
import Runs
import ScalingLaws

/// The gradient noise scale over the second half of a run, beside the batch.
///
/// The batch at which noise and mean of the gradient are equal (McCandlish et al. 2018, arXiv
/// 1812.06162). Single estimates scatter by factors, so it is their median that is read.
package struct NoiseScaleReading: Hashable, Codable, Sendable {
  /// In tokens.
  package var median: Double
  /// The standard error of its logarithm.
  package var logError: Double
  package var count: Int
  package var batchTokens: Double

  /// - Parameter run: Fewer than `leastCount` estimates in its second half are no reading.
  init?(_ run: RunEvidence) {
    guard let batchTokens = run.batchTokens else { return nil }
    // Where the parts of a batch agree on nothing, noise is larger than any number that could be told.
    let logs = run.looks.filter { 2 * $0.step > run.stepsMade }
      .map { look in look.telemetry.gradientNoiseScale.map { Double.log($0) } ?? .infinity }
    guard logs.count >= Self.leastCount, let middle = logs.median, middle.isFinite,
      let spread = logs.map({ abs($0 - middle) }).median
    else { return nil }
    median = .exp(middle)
    // Of a median of normal values, whose spread is 1.4826 times the median distance.
    logError = 1.2533 * 1.4826 * spread / Double(logs.count).squareRoot()
    count = logs.count
    self.batchTokens = batchTokens
  }

  private static let leastCount = 6
}
