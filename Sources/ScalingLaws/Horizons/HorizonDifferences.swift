/// How well the predicted losses of one size and horizon are known beside each other.
///
/// An error of γ, or of the law's form, moves all trunks' predictions the same way, but for the part in which their curves
/// differ. What is common raises or lowers the whole basin, whose floor is free, and moves no
/// optimum. What is left, a tilt, is one error in all trunks and not one of each: the fit takes
/// errors as independent, so each trunk is given variance enough that no tilt looks better known
/// than it is. For errors of standard deviations dᵢ with any correlations, the covariance is nowhere
/// above the diagonal matrix of dᵢ Σ dⱼ, as |xᵢ xⱼ| dᵢ dⱼ is at most the mean of the squares.
struct HorizonDifferences {
  /// In the order of the predictions.
  let variances: [Double]

  /// - Parameters:
  ///   - predictions: Of the trunks at the horizon.
  ///   - besideMeasured: Whether the horizon was annealed on other trunks of the size. Those do not
  ///     share such errors, so that nothing of it is common.
  init(_ predictions: [HorizonFit.Prediction], besideMeasured: Bool) {
    guard let least = predictions.map(\.loss).min() else {
      variances = []
      return
    }
    // The others are no evidence of the optimum: SliceEvidence leaves them out.
    let near = predictions.filter { $0.loss <= least * (1 + SliceEvidence.widestExcess) }
    let common = near[0].departures.indices.map { place in
      besideMeasured
        ? 0 : near.reduce(0) { $0 + $1.departures[place] } / Double(near.count)
    }
    func deviation(_ prediction: HorizonFit.Prediction) -> Double {
      zip(prediction.departures, common).reduce(prediction.tiltVariance) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }.squareRoot()
    }
    let sum = near.reduce(0) { $0 + deviation($1) }
    variances = predictions.map { prediction in
      let own = deviation(prediction)
      return prediction.curveVariance + prediction.noiseVariance + own * max(sum, own)
    }
  }
}
