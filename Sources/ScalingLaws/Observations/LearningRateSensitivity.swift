import RealModule

/// What a learning rate that is chosen blindly among those tried costs on average.
///
/// The mean over the rates of min(loss, first loss) less the least loss (Wortsman et al. 2023, arXiv
/// 2309.14322, over three decades of rates). It depends on the range: two are comparable where their
/// rates are evenly spaced and span the same ratio.
package struct LearningRateSensitivity: Hashable, Codable, Sendable {
  /// In nats.
  package var value: Double
  package var lowestRate: Double
  package var highestRate: Double
  package var rates: Int
  /// Whether the rates are a constant factor apart, as the mean takes them to be.
  package var isEven: Bool

  /// `nil` comes of fewer than two rates, and of a loss that is not finite.
  ///
  /// - Parameters:
  ///   - losses: At each rate, no more than the first loss.
  ///   - rates: Ascending.
  init?(_ losses: [Double], at rates: [Double]) {
    guard rates.count > 1, let lowest = rates.first, let highest = rates.last,
      let least = losses.min(), losses.allSatisfy(\.isFinite)
    else { return nil }
    value = losses.reduce(0, +) / Double(losses.count) - least
    lowestRate = lowest
    highestRate = highest
    self.rates = rates.count
    let steps = zip(rates, rates.dropFirst()).map { Double.log($1 / $0) }
    isEven = (steps.max() ?? 0) <= (1 + Self.tolerance) * (steps.min() ?? 0)
  }

  private static let tolerance = 0.05

  package var decades: Double { .log10(highestRate / lowestRate) }
}
