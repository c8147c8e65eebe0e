import Runs
import RealModule

extension ScaleLaw {
  /// A measured log of the quantity at one scale.
  struct Observation {
    var scale: RunScale
    var value: Double
    var standardError: Double
  }

  /// The law that observations give, by weighted least squares.
  ///
  /// The spreads of cells and of model sizes around the law are averaged over, weighted by the
  /// evidence for them, so that none is chosen. A draw takes one pair of spreads, adds new errors to
  /// the observations and to the prior means, and solves again; with normal errors such draws follow
  /// the posterior exactly (randomise then optimise, Bardsley et al. 2014).
  ///
  /// - Parameters:
  ///   - observations: At least one.
  ///   - quantity: What is observed.
  ///   - terms: The form of the law.
  ///   - cellsShareOffsets: Whether observations of one cell have a common offset.
  ///   - draws: How many draws to keep.
  ///   - confidence: Of the coefficients' intervals.
  ///   - seed: Names the random streams.
  ///   - errors: Errors of all observations in a replicate, in standard errors.
  /// - Throws: `.singular`, for observations that are not finite.
  init(
    fitting observations: [Observation], of quantity: LawQuantity, terms: [LawTerm],
    cellsShareOffsets: Bool, draws: Int, confidence: Double, seed: UInt64,
    errors: (_ replicate: Int) -> [Double]
  ) throws(FitError) {
    let system = MixedSystem(
      observations, quantity: quantity, terms: terms, cellsShareOffsets: cellsShareOffsets)
    var solutions: [(spreads: Spreads, solution: [Double], logEvidence: Double)] = []
    for spreads in Spreads.candidates {
      let solved = try system.solve([system.rightHandSide(spreads)], spreads)
      solutions.append(
        (
          spreads, solved.solutions[0],
          system.logEvidence(
            spreads, residual: solved.residualSquares[0], logDeterminant: solved.logDeterminant)
        ))
    }
    let top = solutions.map(\.logEvidence).max() ?? 0
    let weights = solutions.map { Double.exp($0.logEvidence - top) }
    let total = weights.reduce(0, +)
    var point = [Double](repeating: 0, count: system.columnCount)
    for (entry, weight) in zip(solutions, weights) {
      for (index, value) in system.coefficients(entry.solution, entry.spreads).enumerated() {
        point[index] += weight / total * value
      }
    }

    var drawn = [[Double]](repeating: [], count: draws)
    var spreadsOfDraw = [Spreads](repeating: Spreads.candidates[0], count: draws)
    var replicates: [Int: [Int]] = [:]
    for replicate in 0..<draws {
      var random = KeyedRandom(seed: seed, RandomPurpose.law, UInt64(replicate))
      var left = random.uniform() * total
      let chosen = weights.firstIndex { weight in
        left -= weight
        return left <= 0
      }
      replicates[chosen ?? weights.count - 1, default: []].append(replicate)
    }
    for (candidate, replicates) in replicates.sorted(by: { $0.key < $1.key }) {
      let spreads = solutions[candidate].spreads
      let sides = replicates.map { replicate in
        var random = KeyedRandom(seed: seed, RandomPurpose.law, UInt64(replicate), 1)
        return system.rightHandSide(spreads, errors: errors(replicate), random: &random)
      }
      let solved = try system.solve(sides, spreads)
      for (replicate, solution) in zip(replicates, solved.solutions) {
        drawn[replicate] = system.coefficients(solution, spreads)
        spreadsOfDraw[replicate] = spreads
      }
    }

    self.quantity = quantity
    self.terms = terms
    self.cellsShareOffsets = cellsShareOffsets
    centre = system.centre
    sizes = system.sizes
    let sizeColumns = terms.count..<terms.count + system.sizes.count
    coefficients = terms.indices.map { column in
      Estimate(
        value: point[column], sample: drawn.map { $0[column] }, confidence: confidence)
    }
    sizeOffsets = Array(point[sizeColumns])
    self.draws = LawDraws(
      coefficients: terms.indices.map { column in drawn.map { $0[column] } },
      sizeOffsets: sizeColumns.map { column in drawn.map { $0[column] } },
      cellDeviations: spreadsOfDraw.map(\.cells), sizeDeviations: spreadsOfDraw.map(\.sizes))
  }
}
