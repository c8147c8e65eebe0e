/// The part that one run's error has in that of an optimum.
package struct ErrorShare: Sendable {
  /// The experiment that the run belongs to, and which of its branches it is.
  package var trunk: Int
  package var branch: Int
  /// To unit variance over all runs of the optimum.
  package var share: Double
  /// How far the run stands above its basin, in standard deviations.
  package var residual: Double

  package init(trunk: Int, branch: Int, share: Double, residual: Double) {
    self.trunk = trunk
    self.branch = branch
    self.share = share
    self.residual = residual
  }
}
