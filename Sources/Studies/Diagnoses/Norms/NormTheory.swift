import RealModule

/// The mean square ρ of a weight matrix as theory has it: d ρ / dt = -2 λ η ρ + η² u².
///
/// Decay shrinks it and steps that keep no direction add to it, u being the root mean square of
/// what such steps come to (Su 2025, "Asymptotic estimation of AdamW weight RMS"; the explanation of
/// arXiv 2606.29158). Within a step η, λ and u are constant and the equation is solved exactly.
package enum NormTheory {
  /// The mean square after one step.
  ///
  /// - Parameters:
  ///   - square: ρ before it.
  ///   - rate: η of the step.
  ///   - decay: λ, per unit of η.
  ///   - growth: u².
  /// - Returns: ρ after it.
  package static func step(
    _ square: Double, rate: Double, decay: Double, growth: Double
  ) -> Double {
    let exponent = 2 * rate * decay
    guard exponent > 0 else { return square + rate * rate * growth }
    // (1 - e^(-2ηλ)) / (2ηλ) without the loss of digits of a small exponent.
    let share = -Double.expMinusOne(-exponent) / exponent
    return square * .exp(-exponent) + rate * rate * growth * share
  }

  /// The root mean square that a rate that lasts leads to: √(η / 2λ) u; `nil` without decay.
  package static func equilibrium(rate: Double, decay: Double, growth: Double) -> Double? {
    decay > 0 ? (rate * growth / (2 * decay)).squareRoot() : nil
  }

  /// The part of a first ρ's distance from equilibrium that is left when 2 Σ ηλ has come to `sum`.
  package static func remaining(_ sum: Double) -> Double { .exp(-sum) }

  /// A run whose remaining transient is less has equilibrated: 2 Σ ηλ above 3.
  package static let equilibratedBelow = 0.05
}
