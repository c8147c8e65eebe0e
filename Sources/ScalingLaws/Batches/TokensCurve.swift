import RealModule

/// Loss against training tokens at one size and batch size: `E + k D^-β`, with E common to the size.
///
/// The form is that of Power Lines (arXiv 2505.13738, as read in a detailed summary): for each batch
/// size a curve over horizons, read backwards for the tokens that a loss takes.
struct TokensCurve: Hashable, Sendable {
  /// E, in nats.
  var floor: Double
  /// The log of k.
  var logScale: Double
  /// β, above zero.
  var exponent: Double
  /// The logs of the least and the most tokens measured.
  var measured: ClosedRange<Double>

  /// The log of the tokens that `loss` takes, or `nil` for a loss that is never reached.
  func logTokens(for loss: Double) -> Double? {
    guard loss > floor else { return nil }
    return (logScale - .log(loss - floor)) / exponent
  }

  func loss(atLogTokens tokens: Double) -> Double {
    floor + .exp(logScale - exponent * tokens)
  }

  /// Whether `tokens` lies among the horizons measured, or hardly beyond.
  func reaches(_ tokens: Double) -> Bool {
    tokens >= measured.lowerBound - Self.reach && tokens <= measured.upperBound + Self.reach
  }

  /// In nats; a tenth beyond the last horizon is still more reading than foretelling.
  private static let reach = 0.1
}

/// The curves of all batch sizes of one model size.
struct TokensCurves: Sendable {
  /// By batch size.
  let curves: [Double: TokensCurve]
  /// By how much errors of losses are to be multiplied for the curves to fit; at least 1.
  let misfit: Double
  /// How many horizons there are beyond those that any curve would go through.
  let spare: Int

  /// `nil` where no batch size has two horizons.
  ///
  /// - Parameter series: The horizons of each batch size, as logs of tokens.
  init?(_ series: [Double: [Horizon]]) {
    let series = series.filter { $0.value.count >= 2 }.sorted { $0.key < $1.key }
    guard let least = series.flatMap(\.value).map(\.loss).min() else { return nil }
    func lines(_ gap: Double) -> [(Double, Line)] {
      series.map { ($0.key, Line($0.value, floor: least * (1 - gap))) }
    }
    let logGap = leastPlace(
      of: { log in
        let z = (log - Self.usualGap.log) / Self.usualGap.deviation
        return lines(.exp(log)).reduce(z * z) { $0 + $1.1.squares }
      }, from: .log(0.003), to: .log(0.9), steps: 40)
    let best = lines(.exp(logGap))
    var curves: [Double: TokensCurve] = [:]
    for ((batch, horizons), (_, line)) in zip(series, best) where line.slope < -Self.leastExponent {
      let logs = horizons.map(\.logTokens)
      curves[batch] = TokensCurve(
        floor: least * (1 - .exp(logGap)), logScale: line.constant, exponent: -line.slope,
        measured: (logs.min() ?? 0)...(logs.max() ?? 0))
    }
    self.curves = curves
    spare = series.reduce(0) { $0 + $1.value.count - 2 }
    misfit =
      spare > 0
      ? max(1, (best.reduce(0) { $0 + $1.1.squares } / Double(spare)).squareRoot()) : 1
  }

  /// What is thought of the share of the least loss that more tokens could still remove.
  ///
  /// Our own weak judgement; it matters where a size has hardly more than two horizons.
  private static let usualGap = (log: Double.log(0.25), deviation: 0.8)
  /// A curve flatter than this says nothing of the tokens that a loss takes.
  private static let leastExponent = 0.02

  struct Horizon: Hashable {
    var logTokens: Double
    var loss: Double
    /// Relative.
    var deviation: Double
  }

  /// The weighted line through the logs of losses above E.
  private struct Line {
    var constant: Double
    var slope: Double
    /// Of the deviations, in units of the losses' errors.
    var squares: Double

    init(_ horizons: [Horizon], floor: Double) {
      let y = horizons.map { Double.log($0.loss - floor) }
      let weights = horizons.map { horizon in
        let error = max(horizon.deviation, Line.leastDeviation) * horizon.loss
        let relative = (horizon.loss - floor) / error
        return relative * relative
      }
      let total = weights.reduce(0, +)
      func mean(_ values: [Double]) -> Double {
        zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / total
      }
      let x = horizons.map(\.logTokens)
      let (middle, height) = (mean(x), mean(y))
      let spread = mean(x.map { ($0 - middle) * ($0 - middle) })
      slope =
        spread > 0 ? mean(zip(x, y).map { ($0 - middle) * ($1 - height) }) / spread : 0
      constant = height - slope * middle
      let (slope, constant) = (slope, constant)
      squares = horizons.indices.reduce(0) { sum, index in
        let residual = y[index] - constant - slope * x[index]
        return sum + weights[index] * residual * residual
      }
    }

    /// No loss is known better than this, relatively; it keeps one horizon from ruling the rest.
    private static let leastDeviation = 1e-4
  }
}
