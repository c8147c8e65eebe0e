import RealModule

/// How the effective rate of runs goes with their peak rate and their scale.
///
/// The log of the effective rate is a quadratic of the logs of peak rate, params, tokens and whatever
/// else was swept. It has to be able to bend: with weight decay, the effective rate rises as the peak
/// rate while weights still approach their equilibrium and as its root once they are there. Were it a
/// plain power law, a power law in one rate would be one in the other too, and nothing won.
///
/// Every run tells of it, not only those at an optimum, so that its bend is known far better than that
/// of the optimum.
package struct RateConversion: Hashable, Codable, Sendable {
  /// What the effective rate may depend on.
  package enum Factor: String, CaseIterable, Codable, Sendable {
    case peak, params, tokens, batch
    case activeShare = "active_share"

    func log(_ logPeak: Double, _ scale: RunScale) -> Double? {
      let value: Double? =
        switch self {
        case .peak: nil
        case .params: scale.params
        case .tokens: scale.tokens
        case .batch: scale.batchTokens
        case .activeShare: scale.activeShare
        }
      return self == .peak ? logPeak : value.map { Double.log($0) }
    }
  }

  /// Those that the runs differ in, the peak rate first.
  package var factors: [Factor]
  /// The mean log of each factor; terms are relative to it.
  package var centre: [Double]
  /// One for the constant, for each factor, and for each pair of factors in order.
  package var coefficients: [Double]
  /// The covariance of the coefficients, by rows.
  package var covariance: [Double]
  /// How far runs scatter around the conversion, in nats.
  package var residual: Double
  /// The measured runs behind it.
  package var runs: Int

  /// The least slope that is believed; theory has it between a half and one.
  ///
  /// Where the quadratic would be flatter it goes on straight, so that every effective rate has a peak.
  private static let leastSlope = 0.25

  /// Whether a higher peak rate means a higher effective one, at the centre of the runs.
  var rises: Bool { coefficients[1] > 0 }

  /// The log of the effective rate at a log peak rate, or of its continuation.
  package func logEffective(atLogPeak logPeak: Double, _ scale: RunScale) -> Double {
    let line = line(at: scale)
    let x = logPeak - centre[0]
    let turn = line.turn
    guard let turn, (line.bend < 0 ? x > turn : x < turn) else { return line.value(at: x) }
    return line.value(at: turn) + Self.leastSlope * (x - turn)
  }

  /// The peak rate whose effective rate is `logEffective`, with its standard error; all in logs.
  package func logPeak(
    atLogEffective logEffective: Double, _ scale: RunScale
  ) -> (value: Double, standardError: Double) {
    let line = line(at: scale)
    let rise = logEffective - line.constant
    var x: Double
    var slope: Double
    let root = line.slope * line.slope + 4 * line.bend * rise
    if line.turn == nil {
      slope = Swift.max(line.slope, Self.leastSlope)
      x = rise / slope
    } else if root >= Self.leastSlope * Self.leastSlope {
      slope = root.squareRoot()
      // The same root either way, in the form that does not cancel.
      x = line.slope > 0 ? 2 * rise / (line.slope + slope) : (slope - line.slope) / (2 * line.bend)
    } else {
      let turn = line.turn ?? 0
      slope = Self.leastSlope
      x = turn + (logEffective - line.value(at: turn)) / slope
    }
    let row = row(atLogPeak: x + centre[0], scale)
    var variance = residual * residual
    for one in row.indices {
      for other in row.indices {
        variance += row[one] * row[other] * covariance[one * row.count + other]
      }
    }
    return (x + centre[0], max(variance, 0).squareRoot() / slope)
  }

  /// The quadratic at one scale, in the log of the peak rate relative to the centre.
  private struct Line {
    var constant: Double
    var slope: Double
    var bend: Double

    func value(at x: Double) -> Double { constant + slope * x + bend * x * x }

    /// Where the slope is the least that is believed.
    var turn: Double? { bend == 0 ? nil : (RateConversion.leastSlope - slope) / (2 * bend) }
  }

  private func line(at scale: RunScale) -> Line {
    func value(_ x: Double) -> Double {
      zip(row(atLogPeak: centre[0] + x, scale), coefficients).reduce(0) { $0 + $1.0 * $1.1 }
    }
    // Three values tell a quadratic.
    let (below, middle, above) = (value(-1), value(0), value(1))
    return Line(
      constant: middle, slope: (above - below) / 2, bend: (above + below) / 2 - middle)
  }

  /// What each coefficient is multiplied by; a factor that the scale lacks stands at the centre.
  private func row(atLogPeak logPeak: Double, _ scale: RunScale) -> [Double] {
    let logs = zip(factors, centre).map { ($0.log(logPeak, scale) ?? $1) - $1 }
    return Self.row(logs)
  }

  static func row(_ logs: [Double]) -> [Double] {
    [1] + logs
      + logs.indices.flatMap { one in (one..<logs.count).map { logs[one] * logs[$0] } }
  }

  /// How many coefficients there are for `factors`.
  static func coefficientCount(_ factors: Int) -> Int {
    1 + factors + factors * (factors + 1) / 2
  }
}
