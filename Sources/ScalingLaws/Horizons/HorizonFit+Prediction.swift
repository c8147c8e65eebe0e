import RealModule

extension HorizonFit {
  /// The loss that annealing a trunk at some horizon would measure, with its parts of variance.
  struct Prediction: Sendable {
    var loss: Double
    /// Of the trunk's two numbers, for a known γ.
    var curveVariance: Double
    /// What errors that all trunks share do to this one, each to a standard deviation.
    ///
    /// They are those of γ, a share each for the values it may have, and that of the law's form.
    var departures: [Double]
    /// Of a single annealed loss.
    var noiseVariance: Double
    /// Of the law's form, where trunks differ in it: not known to be independent of the others'.
    var tiltVariance: Double

    var variance: Double {
      departures.reduce(curveVariance + noiseVariance + tiltVariance) { $0 + $1 * $1 }
    }
  }

  /// The power of the distance ahead with which the law's error grows, where the truth bends.
  ///
  /// Fitted to sums of two powers, four to six horizons a factor 1.5 or 2 apart, the law misses two
  /// horizons ahead by two to three times the miss of one, and three ahead by four to six times.
  private static let misfitPower = 1.5
  /// The part of a held-out error's square that is taken for a bend; the rest is what noise did.
  ///
  /// Half is our own judgement: with it, 90 % intervals hold more than they claim where the law is
  /// true, and about what they claim where it bends by more than the noise.
  private static let bendShare = 0.5

  /// What the law says of one trunk at one horizon.
  ///
  /// - Parameters:
  ///   - index: The trunk's, among those fitted.
  ///   - tokens: The horizon.
  ///   - misfit: The law's error one horizon ahead, over the decline along the trunk.
  ///   - tilt: By how much that differs between trunks.
  /// - Returns: The loss, and its variance in parts.
  func prediction(
    ofTrunk index: Int, at tokens: Double, misfit: Double, tilt: Double
  ) -> Prediction {
    let logTokens = Double.log(tokens)
    let loss = middle.curves[index].loss(at: logTokens)
    var curveVariance = 0.0
    var departures = candidates.map { candidate, weight in
      let curve = candidate.curves[index]
      guard weight > 0 else { return 0.0 }
      curveVariance +=
        weight * candidate.squares / Double(degrees) * curve.leverage(at: logTokens)
      return weight.squareRoot() * (curve.loss(at: logTokens) - loss)
    }
    let reach =
      middle.curves[index].decline
      * .pow(trunks[index].stepsAhead(of: logTokens), Self.misfitPower)
    departures.append(Self.bendShare.squareRoot() * misfit * reach)
    return Prediction(
      loss: loss, curveVariance: curveVariance, departures: departures,
      noiseVariance: noise * noise, tiltVariance: tilt * tilt * reach * reach)
  }

  /// The predicted loss with its interval, the ends of which are as far from it in logs.
  ///
  /// Errors are those of a normal with the same interval as Student's t, whose degrees of freedom
  /// are few.
  ///
  /// - Parameters:
  ///   - prediction: Of a trunk at the horizon.
  ///   - tokens: The horizon.
  ///   - confidence: That of the interval.
  ///   - differenceVariance: That of the loss beside those of other trunks; `nil` for all of it.
  /// - Returns: The loss with its interval and errors.
  func loss(
    _ prediction: Prediction, at tokens: Double, confidence: Double,
    differenceVariance: Double? = nil
  ) -> HorizonLoss {
    let end = (1 + confidence) / 2
    let factor = studentQuantile(end, degrees: degrees) / normalQuantile(end)
    let standardError = factor * prediction.variance.squareRoot()
    let reach = standardError * normalQuantile(end) / prediction.loss
    return HorizonLoss(
      tokens: tokens,
      loss: Estimate(
        value: prediction.loss, lower: prediction.loss * .exp(-reach),
        upper: prediction.loss * .exp(reach), confidence: confidence),
      standardError: standardError,
      differenceError: factor * (differenceVariance ?? prediction.variance).squareRoot())
  }
}

extension HorizonTrunk {
  /// How far ahead of the longest horizon a log of tokens lies, over the last step between horizons.
  fileprivate func stepsAhead(of logTokens: Double) -> Double {
    let horizons = Set(points.map(\.logTokens)).sorted().suffix(2)
    guard let before = horizons.first, let last = horizons.last, before < last else { return 0 }
    return max(0, (logTokens - last) / (last - before))
  }
}
