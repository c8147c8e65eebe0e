import Runs

/// The attention of one block along a run.
package struct AttentionSeries: Sendable {
  package struct Point: Hashable, Codable, Sendable {
    package var step: Int
    package var tokens: Int
    package var logitMaximum: Double
    package var entropy: Double
  }

  /// Counted from 0, the first nearest to the tokens.
  package let block: Int
  package let points: [Point]
  /// Of the logarithms over the second half of the run.
  package let logitTrend: Trend?
  package let entropyTrend: Trend?

  static func all(of run: RunEvidence) -> [AttentionSeries] {
    let blocks = run.looks.map(\.telemetry.attention.count).max() ?? 0
    return (0..<blocks).map { AttentionSeries($0, of: run) }
  }

  private init(_ block: Int, of run: RunEvidence) {
    self.block = block
    points = run.looks.compactMap { look in
      let blocks = look.telemetry.attention
      guard blocks.indices.contains(block) else { return nil }
      return Point(
        step: look.step, tokens: look.tokens, logitMaximum: blocks[block].logitMaximum,
        entropy: blocks[block].entropy)
    }
    logitTrend = .late(points.map { ($0.step, $0.logitMaximum) }, of: run.stepsMade)
    entropyTrend = .late(points.map { ($0.step, $0.entropy) }, of: run.stepsMade)
  }
}
