import RealModule

/// What runs say of the loss at every learning rate, batch size and scale, and how surely.
///
/// A fit of slices needs three learning rates at one scale and batch size. This one joins all runs by
/// what their basins share, so that a few runs, however scattered, say something; with many it says
/// less than the fit of slices does, because it asks more of the form. It is a normal approximation
/// around the most probable surface.
package struct LossSurface: Sendable {
  let model: SurfaceModel
  /// Of all numbers of the model, by columns.
  let covariance: [Double]
  /// The relative standard deviation of a loss near the optimum.
  let noise: Double

  var layout: SurfaceLayout { model.layout }

  /// The share of a point's rise that the surface may be wrong by.
  ///
  /// Twice that of the fit of slices: one form for all cells and batch sizes is wrong in more ways, and
  /// runs that are close to the optimum on both sides then count for more than distant ones.
  static let misfit = 2 * BasinModel.misfit

  /// The log of the best rate at a scale, at its batch size or where it has none at the best one.
  ///
  /// - Parameter scale: It need not be one of the layout's.
  /// - Returns: The value, its derivatives by the model's numbers, and the variance of what no run
  ///   of another cell or size can say.
  func optimum(at scale: RunScale) -> (value: Double, row: SparseRow, ownVariance: Double) {
    let logs = layout.logs(of: scale)
    let size = layout.index(ofSize: scale.params)
    let cell = layout.cells.firstIndex(of: scale.cell)
    var (value, row) = model.optimum(logs, size: size, cell: cell)
    if layout.options.batchesVary, let batch = scale.batchTokens {
      let best = model.bestBatch(logs, cell: cell)
      let offset = .log(batch) - best.value
      let coupling = model.coupling(offset)
      value += coupling.value
      row.add(offset - coupling.above, at: SurfaceCoefficient.couplingBelow.rawValue)
      row.add(coupling.above, at: SurfaceCoefficient.couplingAbove.rawValue)
      for (index, derivative) in zip(best.row.indices, best.row.values) {
        row.add(-coupling.slope * derivative, at: index)
      }
    }
    var own = 0.0
    if size == nil { own += Spreads.usualSizes * Spreads.usualSizes }
    if cell == nil { own += Spreads.usualCells * Spreads.usualCells }
    return (value, row, own)
  }

  /// The basin of a cell as deep as most, with sides alike.
  ///
  /// Which side is steeper is told by runs far out, near divergence. It says little of the middle, where
  /// the rate to use is decided, and would make it lean the farther the less is known.
  var basin: BasinModel {
    let power = Double.exp((model[.left] + model[.right]) / 2)
    return BasinModel(
      shape: BasinShape(left: power, right: power), depth: .exp(model[.depth]), noise: noise)
  }
}
