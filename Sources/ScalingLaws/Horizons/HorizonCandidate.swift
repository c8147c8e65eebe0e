import RealModule

/// The curves of a size's trunks for one value of γ: a straight line each, by least squares.
///
/// A curve is given by its loss at the shortest and at the longest horizon of its trunk. In L0 and A
/// the two columns become one as γ falls to 0, and a flat prior of them would prefer such γ.
struct HorizonCandidate: Sendable {
  /// One trunk's curve.
  struct Curve: Sendable {
    let exponent: Double
    /// Natural logs of the tokens of the shortest and the longest horizon.
    let first: Double
    let last: Double
    /// The losses there, by the curve.
    private(set) var lossAtFirst = 0.0
    private(set) var lossAtLast = 0.0
    /// The squared design, [[ss, sr], [sr, rr]].
    private var ss = 0.0
    private var sr = 0.0
    private var rr = 0.0
    private(set) var residualSquares = 0.0

    init(_ trunk: HorizonTrunk, exponent: Double) {
      self.exponent = exponent
      first = trunk.points.first?.logTokens ?? 0
      last = trunk.points.last?.logTokens ?? 0
      var sy = 0.0
      var ry = 0.0
      for point in trunk.points {
        let share = share(at: point.logTokens)
        ss += share * share
        sr += share * (1 - share)
        rr += (1 - share) * (1 - share)
        sy += share * point.loss
        ry += (1 - share) * point.loss
      }
      lossAtFirst = (rr * sy - sr * ry) / determinant
      lossAtLast = (ss * ry - sr * sy) / determinant
      for point in trunk.points {
        let residual = point.loss - loss(at: point.logTokens)
        residualSquares += residual * residual
      }
    }

    var determinant: Double { ss * rr - sr * sr }

    /// How far the curve is back from the longest towards the shortest horizon: 1 there, 0 here.
    private func share(at logTokens: Double) -> Double {
      .expMinusOne(-exponent * (logTokens - last)) / .expMinusOne(-exponent * (first - last))
    }

    func loss(at logTokens: Double) -> Double {
      lossAtLast + decline * share(at: logTokens)
    }

    /// How far loss falls from the shortest to the longest horizon.
    var decline: Double { lossAtFirst - lossAtLast }

    /// L0: the loss after endless tokens.
    var floor: Double {
      lossAtLast - decline / .expMinusOne(exponent * (last - first))
    }

    /// The variance of the curve, over that of a single loss.
    func leverage(at logTokens: Double) -> Double {
      let share = share(at: logTokens)
      let rest = 1 - share
      return (share * share * rr - 2 * share * rest * sr + rest * rest * ss) / determinant
    }
  }

  let exponent: Double
  let curves: [Curve]
  /// The sum of squared residuals of all trunks, never quite 0.
  let squares: Double

  init(_ trunks: [HorizonTrunk], exponent: Double, rounding: Double) {
    self.exponent = exponent
    curves = trunks.map { Curve($0, exponent: exponent) }
    squares = curves.reduce(rounding) { $0 + $1.residualSquares }
  }

  /// The log of the posterior density of log γ, the curves and the noise integrated out.
  ///
  /// The prior of the noise is flat in its log. A γ that takes a floor below 0 is none.
  func logDensity(degrees: Int, prior: NormalPrior) -> Double {
    guard curves.allSatisfy({ $0.floor > 0 }) else { return -.infinity }
    return prior.logDensity(.log(exponent)) - Double(degrees) / 2 * .log(squares)
      - curves.reduce(0) { $0 + .log($1.determinant) } / 2
  }
}
