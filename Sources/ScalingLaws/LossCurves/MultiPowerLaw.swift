import RealModule

/// The multi-power law of Luo and others (2025, arXiv 2503.12811), as their code fits it.
///
///     L(t) = L0 + A S(t)^-α - B Σ_k (η_{k-1} - η_k) [1 - (1 + C η_k^-γ S_k(t))^-β]
///
/// S(t) is the sum of the learning rates of all steps up to t, and S_k(t) that from step k on, both
/// with those of the warm-up. The sum over k runs over the warm-up too, as in the code though not in
/// the text of the paper: the published constants fit with it and miss by 3 to 6 % without.
package struct MultiPowerLaw: Hashable, Codable, Sendable {
  /// The loss that an endless run would anneal to.
  package var floor: Double
  package var amplitude: Double
  package var exponent: Double
  /// B: how much loss a unit of learning rate costs until it is annealed.
  package var decayScale: Double
  package var saturation: Double
  package var saturationExponent: Double
  package var rateExponent: Double

  package init(
    floor: Double, amplitude: Double, exponent: Double, decayScale: Double, saturation: Double,
    saturationExponent: Double, rateExponent: Double
  ) {
    self.floor = floor
    self.amplitude = amplitude
    self.exponent = exponent
    self.decayScale = decayScale
    self.saturation = saturation
    self.saturationExponent = saturationExponent
    self.rateExponent = rateExponent
  }

  /// Σ_k (η_k - η_{k-1}) [1 - (1 + C η_k^-γ S_k)^-β] at the knots in `places`.
  ///
  /// The bracket is averaged over each stretch in closed form, with the stretch's mean rate for η_k:
  /// one term a stretch in place of one a step. On public curves logged every 128 steps the loss
  /// differs from the plain sum by less than 1e-4.
  func response(along path: LearningRatePath, at places: [Int]) -> [Double] {
    let slopes = path.changes.map { saturation * .pow($0.learningRate, -rateExponent) }
    return places.map { place in
      let area = path.knots[place].area
      var sum = 0.0
      for (change, slope) in zip(path.changes, slopes) {
        guard change.knot <= place else { break }
        sum += change.rise * meanBracket(slope, area - change.to, area - change.from)
      }
      return sum
    }
  }

  /// The mean of 1 - (1 + slope S)^-β over S from `low` to `high`.
  ///
  /// A step at a rate of 0, whose slope is infinite, adds no area: its bracket is 0, the limit for γ
  /// below 1, until the rate rises again. So does one at a rate too small to change the sum.
  private func meanBracket(_ slope: Double, _ low: Double, _ high: Double) -> Double {
    guard high > low else {
      return low > 0 ? 1 - Double.pow(1 + slope * low, -saturationExponent) : 0
    }
    let start = 1 + slope * low
    let ratio = Double.log(onePlus: slope * (high - low) / start)
    let power = 1 - saturationExponent
    // The integral of x^-β between the ends, which is a logarithm where β is 1.
    let spread = abs(power * ratio) < 1e-9 ? ratio : .expMinusOne(power * ratio) / power
    return 1 - .exp(power * .log(start)) * spread / (slope * (high - low))
  }
}

extension MultiPowerLaw: LossCurveLaw {
  package func losses(along path: LearningRatePath) -> [Double] {
    losses(along: path, at: Array(path.knots.indices))
  }

  package func finalLoss(of path: LearningRatePath) -> Double {
    losses(along: path, at: [path.knots.count - 1])[0]
  }

  func losses(along path: LearningRatePath, at places: [Int]) -> [Double] {
    zip(places, response(along: path, at: places)).map { place, response in
      floor + amplitude * .pow(path.knots[place].area, -exponent) + decayScale * response
    }
  }

  package var constants: [LawConstant] {
    [
      LawConstant(symbol: "L0", value: floor), LawConstant(symbol: "A", value: amplitude),
      LawConstant(symbol: "α", value: exponent), LawConstant(symbol: "B", value: decayScale),
      LawConstant(symbol: "C", value: saturation),
      LawConstant(symbol: "β", value: saturationExponent),
      LawConstant(symbol: "γ", value: rateExponent),
    ]
  }
}
