import RealModule
import ScalingLaws

/// Whether the best learning rate or the effective one at it varies less from cell to cell.
///
/// In equilibrium an effective rate is the root of ηλ, and its logarithm spreads half as much for that
/// alone. So its spread is also given over its elasticity: what it changes by when the rate does, within
/// cells.
package struct RateSteadiness: Hashable, Codable, Sendable {
  package var cells: Int
  /// Standard deviations of base-2 logarithms over cells.
  package var rateSpread: Double
  package var effectiveSpread: Double
  /// d log effective rate / d log rate within cells, the median.
  package var elasticity: Double
  /// The effective spread over the elasticity, to compare with that of rates.
  package var adjustedSpread: Double { effectiveSpread / elasticity }
  /// log of adjusted over rate spread, and its standard error by leaving out each cell.
  package var logRatio: Double
  package var logRatioError: Double

  /// `nil` for too few cells that tell.
  ///
  /// - Parameters:
  ///   - cells: Of which those count whose optimum lies between rates.
  ///   - optimum: The effective rate at an optimum.
  ///   - rate: The effective rate of runs at one rate.
  init?(
    _ cells: [CellDiagnosis], optimum: (CellDiagnosis.Optimum) -> Double?,
    rate: (CellDiagnosis.Rate) -> Double?
  ) {
    var pairs: [(rate: Double, effective: Double)] = []
    var slopes: [Double] = []
    for cell in cells {
      guard let best = cell.optimum, let effective = optimum(best) else { continue }
      pairs.append((.log2(best.learningRate), .log2(effective)))
      for (low, high) in zip(cell.rates, cell.rates.dropFirst()) {
        guard let left = rate(low), let right = rate(high), left > 0, right > 0 else { continue }
        slopes.append(.log(right / left) / .log(high.learningRate / low.learningRate))
      }
    }
    guard pairs.count >= Self.leastCells, let elasticity = slopes.median, elasticity > 0 else {
      return nil
    }
    func ratio(_ pairs: [(rate: Double, effective: Double)]) -> Double {
      .log(pairs.map(\.effective).spread / elasticity / pairs.map(\.rate).spread)
    }
    self.cells = pairs.count
    self.elasticity = elasticity
    rateSpread = pairs.map(\.rate).spread
    effectiveSpread = pairs.map(\.effective).spread
    logRatio = ratio(pairs)
    let without = pairs.indices.map { index in
      var rest = pairs
      rest.remove(at: index)
      return ratio(rest)
    }
    let count = Double(pairs.count)
    let mean = without.reduce(0, +) / count
    logRatioError =
      ((count - 1) / count * without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
    guard logRatio.isFinite, logRatioError.isFinite else { return nil }
  }

  /// Spreads of fewer say nothing.
  private static let leastCells = 4
}

extension [Double] {
  /// The standard deviation.
  fileprivate var spread: Double {
    let mean = reduce(0, +) / Double(count)
    return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
  }
}
