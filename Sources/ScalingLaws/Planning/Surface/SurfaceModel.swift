import RealModule

/// The numbers of a loss surface, and the log losses that they give.
///
/// With x the log of a learning rate and b that of a batch size, a run of cell c has the log loss
///
///     floor_c + depth_c rise(x - optimum_c - coupling(b - best_c)) + batchDepth_c batchRise(b - best_c)
///
/// where both rises have the form of `BasinShape`, the optimum and the best batch size are power laws
/// of scale with offsets of sizes and cells, and the coupling is linear far below the best batch and,
/// with another slope, far above. The form is ours.
package struct SurfaceModel: Hashable, Sendable {
  package let layout: SurfaceLayout
  package var values: [Double]

  package init(layout: SurfaceLayout, values: [Double]) {
    self.layout = layout
    self.values = values
  }

  /// The width in nats over which the coupling turns from one slope to the other.
  private static let turn = 0.5
  /// Farther out than this a rise says no more; it keeps exponentials finite.
  private static let farthest = 6.0
  private static let difference = 1e-4

  subscript(coefficient: SurfaceCoefficient) -> Double { values[coefficient.rawValue] }

  /// The log of the best rate at the best batch size, and its derivatives.
  func optimum(_ scale: ScaleLogs, size: Int?, cell: Int?) -> (value: Double, row: SparseRow) {
    var row = SparseRow()
    row.add(1, at: SurfaceCoefficient.optimum.rawValue)
    row.add(scale.params, at: SurfaceCoefficient.optimumParams.rawValue)
    row.add(scale.tokens, at: SurfaceCoefficient.optimumTokens.rawValue)
    row.add(scale.activeShare, at: SurfaceCoefficient.optimumActiveShare.rawValue)
    let curvatures: [(SurfaceCoefficient, Double)] = [
      (.optimumParamsSquared, scale.params * scale.params),
      (.optimumParamsTimesTokens, scale.params * scale.tokens),
      (.optimumTokensSquared, scale.tokens * scale.tokens),
    ]
    for (coefficient, product) in curvatures { row.add(product, at: coefficient.rawValue) }
    if let size { row.add(1, at: size) }
    if let cell { row.add(1, at: layout.index(of: .optimum, cell: cell)) }
    return (row.dot(values), row)
  }

  /// The log of the best batch size, and its derivatives.
  func bestBatch(_ scale: ScaleLogs, cell: Int?) -> (value: Double, row: SparseRow) {
    var row = SparseRow()
    row.add(1, at: SurfaceCoefficient.batch.rawValue)
    row.add(scale.params, at: SurfaceCoefficient.batchParams.rawValue)
    row.add(scale.tokens, at: SurfaceCoefficient.batchTokens.rawValue)
    if let cell { row.add(1, at: layout.index(of: .batch, cell: cell)) }
    return (row.dot(values), row)
  }

  /// How far a batch `offset` nats above the best moves the log of the best rate.
  func coupling(_ offset: Double) -> (value: Double, slope: Double, above: Double) {
    let scaled = offset / Self.turn
    // The soft positive part of the offset, 0 at 0.
    let above =
      Self.turn * ((scaled > 30 ? scaled : .log(onePlus: .exp(scaled))) - .log(2))
    let share = 1 / (1 + .exp(-scaled))
    let (low, high) = (self[.couplingBelow], self[.couplingAbove])
    return (low * (offset - above) + high * above, low * (1 - share) + high * share, above)
  }

  /// The rise of log loss where rate and batch are so many nats from their best.
  func excess(rate: Double, batch: Double?, cell: Int) -> Double {
    let basin = shape(of: .depth, .left, .right, offset: .depth, cell: cell)
    let near = min(max(rate, -Self.farthest), Self.farthest)
    let rise = basin.depth * basin.shape.rise(near)
    guard let batch else { return rise }
    let along = shape(of: .batchDepth, .batchLeft, .batchRight, offset: .batchDepth, cell: cell)
    return rise + along.depth * along.shape.rise(min(max(batch, -Self.farthest), Self.farthest))
  }

  /// The log loss at `place`, the rise in it, and its derivatives.
  package func loss(at place: SurfacePlace) -> (value: Double, excess: Double, row: SparseRow) {
    let cell = place.cell
    let optimum = optimum(place.scale, size: place.size, cell: cell)
    var row = SparseRow()
    var excess = 0.0
    var rate = place.rate - optimum.value
    var batch: (offset: Double, row: SparseRow, slope: Double)?
    if let placed = place.batch {
      let best = bestBatch(place.scale, cell: cell)
      let offset = placed - best.value
      let coupling = coupling(offset)
      rate -= coupling.value
      batch = (offset, best.row, coupling.slope)
    }
    let alongRate = rise(
      rate, of: .depth, .left, .right, offset: .depth, cell: cell, into: &row)
    excess += alongRate.value
    for (index, value) in zip(optimum.row.indices, optimum.row.values) {
      row.add(-alongRate.slope * value, at: index)
    }
    if let batch {
      let above = coupling(batch.offset).above
      row.add(
        -alongRate.slope * (batch.offset - above), at: SurfaceCoefficient.couplingBelow.rawValue)
      row.add(-alongRate.slope * above, at: SurfaceCoefficient.couplingAbove.rawValue)
      let alongBatch = rise(
        batch.offset, of: .batchDepth, .batchLeft, .batchRight, offset: .batchDepth, cell: cell,
        into: &row)
      excess += alongBatch.value
      let slope = alongRate.slope * batch.slope - alongBatch.slope
      for (index, value) in zip(batch.row.indices, batch.row.values) {
        row.add(slope * value, at: index)
      }
    }
    let floor = layout.index(of: .floor, cell: cell)
    row.add(1, at: floor)
    return (values[floor] + excess, excess, row)
  }

  private func shape(
    of depth: SurfaceCoefficient, _ left: SurfaceCoefficient, _ right: SurfaceCoefficient,
    offset: SurfaceOffset, cell: Int
  ) -> (depth: Double, shape: BasinShape) {
    (
      .exp(self[depth] + values[layout.index(of: offset, cell: cell)]),
      BasinShape(left: .exp(self[left]), right: .exp(self[right]))
    )
  }

  /// The rise at `z` nats from the optimum, its slope there, and in `row` its other derivatives.
  private func rise(
    _ z: Double, of depth: SurfaceCoefficient, _ left: SurfaceCoefficient,
    _ right: SurfaceCoefficient, offset: SurfaceOffset, cell: Int, into row: inout SparseRow
  ) -> (value: Double, slope: Double) {
    let basin = shape(of: depth, left, right, offset: offset, cell: cell)
    let near = min(max(z, -Self.farthest), Self.farthest)
    let value = basin.depth * basin.shape.rise(near)
    row.add(value, at: depth.rawValue)
    row.add(value, at: layout.index(of: offset, cell: cell))
    let (more, less) = (Double.exp(Self.difference), Double.exp(-Self.difference))
    func change(_ high: BasinShape, _ low: BasinShape) -> Double {
      basin.depth * (high.rise(near) - low.rise(near)) / (2 * Self.difference)
    }
    var (high, low) = (basin.shape, basin.shape)
    (high.left, low.left) = (basin.shape.left * more, basin.shape.left * less)
    row.add(change(high, low), at: left.rawValue)
    (high, low) = (basin.shape, basin.shape)
    (high.right, low.right) = (basin.shape.right * more, basin.shape.right * less)
    row.add(change(high, low), at: right.rawValue)
    return (value, basin.depth * basin.shape.slope(near))
  }
}
