import RealModule
import Runs

/// What observations say of the coefficients of one form of law.
///
/// Given the spreads of cells and of model sizes around the law, coefficients and size offsets are
/// normal; the spreads themselves are averaged over, weighted by the evidence for them, so that none
/// is chosen.
package struct LawPosterior {
  let system: LawSystem
  private let components: [Component]

  /// The normal under one pair of spreads.
  private struct Component {
    var spreads: Spreads
    var logEvidence: Double
    var weight = 0.0
    /// Coefficients of the directions, then size offsets in units of their spread.
    var mean: [Double]
    var precision: Cholesky
  }

  /// Components of less weight than this say nothing.
  private static let leastWeight = 1e-6

  /// - Throws: `.singular`, for observations that are not finite.
  package init(_ system: LawSystem) throws(FitError) {
    self.system = system
    let blocks = system.blocks().map { (block: $0, columns: system.columns(of: $0)) }
    let priors = system.priors()
    var components: [Component] = []
    for cells in Spreads.cellCandidates {
      let gram = try WhitenedGram(blocks, count: system.columnCount + 1, spread: cells)
      for sizes in Spreads.sizeCandidates {
        components.append(
          try Self.component(gram, priors, Spreads(cells: cells, sizes: sizes)))
      }
    }
    let top = components.map(\.logEvidence).max() ?? 0
    let total = components.reduce(0) { $0 + .exp($1.logEvidence - top) }
    for index in components.indices {
      components[index].weight = .exp(components[index].logEvidence - top) / total
    }
    components.removeAll { $0.weight < Self.leastWeight }
    let kept = components.reduce(0) { $0 + $1.weight }
    for index in components.indices { components[index].weight /= kept }
    self.components = components
  }

  private static func component(
    _ gram: WhitenedGram, _ priors: [NormalPrior], _ spreads: Spreads
  ) throws(FitError) -> Component {
    let count = gram.count - 1
    let scales = (0..<count).map { $0 < priors.count ? 1 : spreads.sizes }
    var precision = [Double](repeating: 0, count: count * count)
    var side = [Double](repeating: 0, count: count)
    var quadratic = gram[count, count]
    for row in 0..<count {
      for column in 0..<count {
        precision[column * count + row] = gram[row, column] * scales[row] * scales[column]
      }
      side[row] = gram[row, count] * scales[row]
      // Offsets have a unit prior in units of their spread.
      let prior = row < priors.count ? priors[row] : NormalPrior(mean: 0, deviation: 1)
      let weight = 1 / (prior.deviation * prior.deviation)
      precision[row * count + row] += weight
      side[row] += weight * prior.mean
      quadratic += weight * prior.mean * prior.mean
    }
    let factor = try Cholesky(precision, count: count)
    let mean = try factor.solve(side)
    let explained = zip(side, mean).reduce(0) { $0 + $1.0 * $1.1 }
    return Component(
      spreads: spreads,
      logEvidence: 0.5
        * (explained - quadratic - gram.logDeterminant - factor.logDeterminant)
        + spreads.logPrior, mean: mean, precision: factor)
  }

  /// The mean and the variance of the log of the quantity at `scale`, of a cell not seen before.
  package func moments(at scale: RunScale) throws(FitError) -> (mean: Double, variance: Double) {
    let joint = try moments(at: [scale])
    return (joint.means[0], joint.covariance[0])
  }

  /// The means of the log of the quantity in cells not seen before, and their covariance by rows.
  ///
  /// Cells of one size that was not seen have its offset in common.
  package func moments(
    at scales: [RunScale]
  ) throws(FitError) -> (means: [Double], covariance: [Double]) {
    let count = scales.count
    let features = scales.map { system.features(at: $0) }
    let isNew = scales.map { !system.sizes.contains($0.params) }
    var means = [Double](repeating: 0, count: count)
    var squares = [Double](repeating: 0, count: count * count)
    for component in components {
      let spreads = component.spreads
      var values: [Double] = []
      var whitened: [[Double]] = []
      for (scale, features) in zip(scales, features) {
        let row = features + system.sizes.map { $0 == scale.params ? spreads.sizes : 0 }
        values.append(zip(row, component.mean).reduce(0) { $0 + $1.0 * $1.1 })
        whitened.append(try component.precision.solveLower(row))
      }
      for one in 0..<count {
        means[one] += component.weight * values[one]
        for other in 0..<count {
          var product = values[one] * values[other]
          for (a, b) in zip(whitened[one], whitened[other]) { product += a * b }
          if one == other {
            product += (system.cellsShareOffsets ? 2 : 1) * spreads.cells * spreads.cells
          }
          if isNew[one], scales[one].params == scales[other].params {
            product += spreads.sizes * spreads.sizes
          }
          squares[one * count + other] += component.weight * product
        }
      }
    }
    for one in 0..<count {
      for other in 0..<count { squares[one * count + other] -= means[one] * means[other] }
      squares[one * count + one] = max(squares[one * count + one], 0)
    }
    return (means, squares)
  }

  /// The mean of coefficients of the directions, and of size offsets in nats.
  var mean: (coefficients: [Double], sizeOffsets: [Double]) {
    var coefficients = [Double](repeating: 0, count: system.basis.directions.count)
    var offsets = [Double](repeating: 0, count: system.sizes.count)
    for component in components {
      for index in coefficients.indices {
        coefficients[index] += component.weight * component.mean[index]
      }
      for index in offsets.indices {
        offsets[index] +=
          component.weight * component.spreads.sizes * component.mean[coefficients.count + index]
      }
    }
    return (coefficients, offsets)
  }

  /// One draw of all that is uncertain; size offsets in nats.
  func draw(
    _ random: inout KeyedRandom
  ) throws(FitError) -> (coefficients: [Double], sizeOffsets: [Double], spreads: Spreads) {
    var left = random.uniform()
    let chosen = components.first { component in
      left -= component.weight
      return left <= 0
    }
    guard let component = chosen ?? components.last else { throw .singular }
    let deviates = component.mean.map { _ in random.normal() }
    let drawn = zip(component.mean, try component.precision.inverseDraw(deviates)).map { $0 + $1 }
    let count = system.basis.directions.count
    return (
      Array(drawn[..<count]), drawn[count...].map { $0 * component.spreads.sizes },
      component.spreads
    )
  }
}

/// Products of a design's columns after the covariance of errors is taken out.
struct WhitenedGram {
  let count: Int
  /// Of the covariance.
  private(set) var logDeterminant = 0.0
  private var products: [Double]

  init(
    _ blocks: [(block: LawBlock, columns: [Double])], count: Int, spread: Double
  ) throws(FitError) {
    self.count = count
    products = [Double](repeating: 0, count: count * count)
    for (block, columns) in blocks {
      let factor = try block.factor(spread: spread)
      logDeterminant += factor.logDeterminant
      let whitened = try factor.solveLower(columns)
      let rows = block.count
      for one in 0..<count {
        for other in 0...one {
          var sum = 0.0
          for row in 0..<rows { sum += whitened[one * rows + row] * whitened[other * rows + row] }
          products[one * count + other] += sum
          if other != one { products[other * count + one] += sum }
        }
      }
    }
  }

  subscript(row: Int, column: Int) -> Double { products[row * count + column] }
}
