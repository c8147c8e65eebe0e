import Foundation
import Reports
import Runs
import ScalingLaws

/// Reports on made-up sweeps with a planted law, one variant for each thing that runs may lack.
enum SampleReports {
  static let target = RunScale(params: 1e9, tokens: 1e11)

  /// A grid of cells with every learning rate of a wide sweep.
  static func records(
    params: [Double] = [5e7, 1e8, 2e8], tokens: [Double] = [1e9, 4e9],
    batches: [Double?] = [nil], rates: [Double] = (0..<8).map { 2.5e-4 * Double(1 << $0) }
  ) -> [RunRecord] {
    params.flatMap { params in
      tokens.flatMap { tokens in
        batches.flatMap { batch in
          rates.map { rate in
            record(params: params, tokens: tokens, batch: batch, rate: rate)
          }
        }
      }
    }
  }

  /// One run: a parabola in doublings of the rate around the planted optimum, which diverges far above.
  private static func record(
    params: Double, tokens: Double, batch: Double?, rate: Double
  ) -> RunRecord {
    let sizes = log2(params / 1e8)
    let offset = log2(rate / 3e-3) + 0.5 * sizes - 0.1 * log2(tokens / 2e9)
    let batchOffset = batch.map { log2($0 / 2.6e5) - 0.5 * log2(tokens / 2e9) } ?? 0
    let loss =
      3 * (1 + 0.004 * offset * offset + 0.003 * batchOffset * batchOffset) - 0.05 * sizes
    var record = RunRecord(
      params: params, tokens: tokens, learningRate: rate, loss: offset > 3.2 ? nil : loss)
    record.batchTokens = batch
    return record
  }

  static func law(
    _ records: [RunRecord], file: String = "runs.csv"
  ) throws -> LearningRateLaw {
    var options = FitOptions()
    options.draws = 100
    return try LearningRateLaw(
      fitting: records, from: LawSource(file: file, digest: "abc"), options: options)
  }

  static func report(
    _ records: [RunRecord] = records(), target: RunScale? = target, file: String = "runs.csv"
  ) throws -> Report {
    Report(
      try law(records, file: file), target: target, confidence: 0.9, program: "vernier test")
  }

  /// A stand-in for plotly.js with what would end a script element early.
  static let plotly = "/* plotly.js */ const ends = ['</script>', '<!--'];"
}
