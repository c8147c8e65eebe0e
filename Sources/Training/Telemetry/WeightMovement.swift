import Foundation

/// How one array of weights moved.
package struct WeightMovement {
  package let weightNorm: Double
  package let weightRMS: Double
  package let updateRMS: Double
  /// Of u in w' = (1 - ηλ) w - η u; `nil` at a rate of 0.
  package let directionRMS: Double?
  /// ‖w'/‖w'‖ - w/‖w‖‖; 0 where there is no weight to divide by.
  package let displacement: Double
  package let rateOverNorm: Double
  /// Of the angle between -u and w; `nil` where either is nothing.
  package let cosine: Double?

  /// - Parameters:
  ///   - change: From the weights before to those after.
  ///   - count: How many weights there are.
  ///   - learningRate: η.
  ///   - weightDecay: λ.
  package init(_ change: Change, count: Int, learningRate: Double, weightDecay: Double) {
    let norm = change.start.squareRoot()
    let root = Double(max(count, 1)).squareRoot()
    weightNorm = norm
    weightRMS = norm / root
    updateRMS = change.difference.squareRoot() / root
    if norm > 0 {
      // By the angle, since the difference of two unit vectors is lost in rounding.
      let parallel = change.along / norm
      let across = max(0, change.difference - parallel * parallel).squareRoot()
      displacement = 2 * sin(atan2(across, norm + parallel) / 2)
      rateOverNorm = learningRate / norm
    } else {
      (displacement, rateOverNorm) = (0, 0)
    }
    let decay = learningRate * weightDecay
    // -ηu = w' - w + ηλ w.
    let square = change.difference + 2 * decay * change.along + decay * decay * change.start
    let length = max(0, square).squareRoot()
    directionRMS = learningRate > 0 ? length / learningRate / root : nil
    let along = change.along + decay * change.start
    cosine = length > 0 && norm > 0 ? max(-1, min(1, along / (length * norm))) : nil
  }
}
