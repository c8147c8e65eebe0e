import RealModule

/// What a learning rate that is chosen blindly within the sweep costs on average.
///
/// The mean over the rates of min(loss, first loss) minus the least loss (Wortsman et al. 2023, arXiv
/// 2309.14322, where the rates go over three decades). It depends on the range: sweeps are compared
/// over the same rates.
package struct LearningRateSensitivity: Hashable, Codable, Sendable {
  /// In nats.
  package var sensitivity: Double
  package var lowest: Double
  package var highest: Double
  package var rates: Int
  /// Whether the rates are a constant factor apart, as the mean takes them to be.
  package var isEven: Bool

  /// - Parameter cell: `nil` comes of fewer than two rates, of none that trained, and of an unknown first loss
  ///   where a run diverged.
  package init?(_ cell: CellDiagnosis) {
    guard cell.rates.count > 1, let lowest = cell.rates.first, let highest = cell.rates.last,
      let best = cell.best?.loss
    else { return nil }
    let mean = cell.rates.reduce(0) { $0 + $1.cappedLoss } / Double(cell.rates.count)
    guard mean.isFinite else { return nil }
    sensitivity = mean - best
    self.lowest = lowest.learningRate
    self.highest = highest.learningRate
    rates = cell.rates.count
    let steps = zip(cell.rates, cell.rates.dropFirst())
      .map { Double.log($1.learningRate / $0.learningRate) }
    isEven = (steps.max() ?? 0) <= (1 + Self.tolerance) * (steps.min() ?? 0)
  }

  private static let tolerance = 0.05

  package var decades: Double { .log10(highest / lowest) }
}
