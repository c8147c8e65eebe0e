import RealModule
import Runs

/// The batch is larger than the noise of its gradient asks for.
struct BatchRule: RunRule {
  /// A batch of twice the noise scale spends three times the tokens that small batches would.
  static let factor = 2.0
  /// Errors of a median of few and skewed estimates are themselves not well known.
  private static let clearErrors = 4.0

  func findings(in diagnosis: RunDiagnosis) -> [Finding] {
    guard let reading = diagnosis.noiseScale else { return [] }
    let log = Double.log(reading.batchTokens / reading.median)
    guard log > .log(Self.factor), log > Self.clearErrors * reading.logError else { return [] }
    return [
      Finding(
        .largeBatch, .note,
        seen: "the batch of \(Quantity.format(reading.batchTokens)) tokens is "
          + "\(Double.exp(log).rounded(significant: 2)) times the gradient noise scale, "
          + "\(Quantity.format(reading.median)) tokens",
        meaning:
          "most of its tokens only repeat what the others say: a smaller batch takes more steps, with "
          + "fewer tokens in all, to the same loss. See vernier batch",
        source: "arXiv 1812.06162",
        evidence: [
          .init("batch_tokens", reading.batchTokens), .init("noise_scale", reading.median),
          .init("noise_scale_log_error", reading.logError),
        ])
    ]
  }
}
