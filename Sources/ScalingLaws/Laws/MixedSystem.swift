import Runs
import RealModule

/// The least-squares system of a law: observations first, then priors.
///
/// Offsets of model sizes are columns in units of their spread, so that each has a unit prior and a
/// spread of zero is no special case. The common offset of a cell's observations is no column: it
/// makes their errors correlated, and whitening takes that out in closed form.
struct MixedSystem {
  let observations: [ScaleLaw.Observation]
  let terms: [LawTerm]
  let centre: RunScale
  let sizes: [Double]
  private let priors: [NormalPrior]
  /// Which observations have a common offset; empty where none have.
  private let cells: [[Int]]

  var columnCount: Int { terms.count + sizes.count }

  init(
    _ observations: [ScaleLaw.Observation], quantity: LawQuantity, terms: [LawTerm],
    cellsShareOffsets: Bool
  ) {
    self.observations = observations
    self.terms = terms
    let scales = observations.map(\.scale)
    func geometricMean(_ values: [Double]) -> Double {
      .exp(values.reduce(0) { $0 + .log($1) } / Double(values.count))
    }
    let batches = scales.compactMap(\.batchTokens)
    centre = RunScale(
      params: geometricMean(scales.map(\.params)), tokens: geometricMean(scales.map(\.tokens)),
      batchTokens: batches.isEmpty ? nil : geometricMean(batches))
    sizes = Set(scales.map(\.params)).sorted()
    let byCell = Dictionary(grouping: scales.indices) { scales[$0].cell }
    cells = cellsShareOffsets ? byCell.sorted { $0.key < $1.key }.map(\.value) : []
    let weights = observations.map {
      1 / ($0.standardError * $0.standardError + Spreads.usualCells * Spreads.usualCells)
    }
    let mean =
      zip(weights, observations).reduce(0) { $0 + $1.0 * $1.1.value } / weights.reduce(0, +)
    priors = terms.map { term in
      var prior = quantity.prior(of: term)
      if term == .constant { prior.mean = mean }
      return prior
    }
  }

  /// Solves for all right-hand sides under one pair of spreads.
  func solve(_ sides: [[Double]], _ spreads: Spreads) throws(FitError) -> LeastSquares {
    let termColumns = terms.map { term in
      observations.map { term.feature(at: $0.scale, centre: centre) }
    }
    let sizeColumns = sizes.map { size in
      observations.map { $0.scale.params == size ? spreads.sizes : 0 }
    }
    let columns = (termColumns + sizeColumns).map { whitened($0, spreads) }
    var rows = observations.indices.map { row in columns.map { $0[row] } }
    for column in 0..<columnCount {
      var row = [Double](repeating: 0, count: columnCount)
      row[column] = column < terms.count ? 1 / priors[column].deviation : 1
      rows.append(row)
    }
    return try LeastSquares(rows: rows, rightHandSides: sides)
  }

  func rightHandSide(_ spreads: Spreads) -> [Double] {
    whitened(observations.map(\.value), spreads) + priorSide
  }

  /// The right-hand side of a replicate: observations and priors with new errors.
  func rightHandSide(
    _ spreads: Spreads, errors: [Double], random: inout KeyedRandom
  ) -> [Double] {
    var values = zip(observations, errors).map { observation, error in
      observation.value + observation.standardError * error + spreads.cells * random.normal()
    }
    for cell in cells {
      let offset = spreads.cells * random.normal()
      for index in cell { values[index] += offset }
    }
    return whitened(values, spreads) + priorSide.map { $0 + random.normal() }
  }

  /// The log evidence for `spreads`, up to a constant.
  func logEvidence(_ spreads: Spreads, residual: Double, logDeterminant: Double) -> Double {
    var logCovariance = observations.reduce(0) { $0 + .log(variance($1, spreads)) }
    for cell in cells { logCovariance += .log(1 + commonShare(of: cell, spreads)) }
    return 0.5 * (-logCovariance - logDeterminant - residual) + spreads.logPrior
  }

  /// Coefficients and size offsets in nats, from a solution in units of spreads.
  func coefficients(_ solution: [Double], _ spreads: Spreads) -> [Double] {
    solution.enumerated().map { column, value in
      column < terms.count ? value : value * spreads.sizes
    }
  }

  private var priorSide: [Double] {
    priors.map { $0.mean / $0.deviation } + [Double](repeating: 0, count: sizes.count)
  }

  private func variance(_ observation: ScaleLaw.Observation, _ spreads: Spreads) -> Double {
    observation.standardError * observation.standardError + spreads.cells * spreads.cells
  }

  /// The variance of a cell's common offset, in units of the variance of its weighted mean.
  private func commonShare(of cell: [Int], _ spreads: Spreads) -> Double {
    spreads.cells * spreads.cells
      * cell.reduce(0) { $0 + 1 / variance(observations[$1], spreads) }
  }

  /// `values` of the observations, multiplied by the inverse root of their errors' covariance.
  ///
  /// In units of their own errors a cell's covariance is one plus a rank-one matrix, whose inverse
  /// root shrinks one direction and leaves the others alone.
  private func whitened(_ values: [Double], _ spreads: Spreads) -> [Double] {
    let deviations = observations.map { variance($0, spreads).squareRoot() }
    var scaled = zip(values, deviations).map { $0 / $1 }
    for cell in cells {
      let share = commonShare(of: cell, spreads)
      let shrink = 1 - 1 / (1 + share).squareRoot()
      let lengthSquared = cell.reduce(0) { $0 + 1 / (deviations[$1] * deviations[$1]) }
      let along = cell.reduce(0) { $0 + scaled[$1] / deviations[$1] } / lengthSquared
      for index in cell { scaled[index] -= shrink * along / deviations[index] }
    }
    return scaled
  }
}
