/// How the annealed loss of one model size falls with the horizon, along each of its trunks.
///
///     L(D) = L0 + A D^-γ
///
/// the search-factor law of Zhou et al. 2026 (arXiv 2601.05049, Eq. 4, as read in summaries), stated
/// for warmup-stable-decay schedules. Each trunk, that is each learning rate, has its own L0 and A;
/// γ may be shared by the trunks of a size, as one trunk's few horizons hardly determine three
/// numbers.
package struct HorizonLaw: Hashable, Codable, Sendable {
  package var params: Double
  package var batchTokens: Double?
  /// γ, common to the trunks.
  package var exponent: Estimate
  /// The standard deviation of a single annealed loss around its curve, in the loss's unit.
  package var noise: Double
  /// By ascending learning rate.
  package var curves: [HorizonCurve]

  package init(
    params: Double, batchTokens: Double?, exponent: Estimate, noise: Double, curves: [HorizonCurve]
  ) {
    self.params = params
    self.batchTokens = batchTokens
    self.exponent = exponent
    self.noise = noise
    self.curves = curves
  }
}

/// The law along one trunk.
package struct HorizonCurve: Hashable, Codable, Sendable {
  package var trunk: String?
  package var learningRate: Double
  package var seed: String?
  /// L0, in the loss's unit.
  package var floor: Double
  /// A D^-γ at `reference` tokens, in the loss's unit.
  package var excess: Double
  package var reference: Double
  /// The horizons that were annealed.
  package var measured: [HorizonLoss]
  /// The horizons that were asked for and not annealed.
  package var predicted: [HorizonLoss]

  package init(
    trunk: String?, learningRate: Double, seed: String?, floor: Double, excess: Double,
    reference: Double, measured: [HorizonLoss], predicted: [HorizonLoss]
  ) {
    self.trunk = trunk
    self.learningRate = learningRate
    self.seed = seed
    self.floor = floor
    self.excess = excess
    self.reference = reference
    self.measured = measured
    self.predicted = predicted
  }
}

/// The annealed loss of a trunk at one horizon.
package struct HorizonLoss: Hashable, Codable, Sendable {
  package var tokens: Double
  /// As measured, or as the curve predicts it with an interval.
  package var loss: Estimate
  /// Of a prediction, that of the loss that annealing there would measure; of a measurement, 0.
  package var standardError: Double
  /// Of a prediction, that of the loss beside those of other learning rates at the horizon, without
  /// what all of them have in common.
  package var differenceError: Double

  package init(
    tokens: Double, loss: Estimate, standardError: Double, differenceError: Double = 0
  ) {
    self.tokens = tokens
    self.loss = loss
    self.standardError = standardError
    self.differenceError = differenceError
  }
}

/// How well the law predicts horizons that were annealed, when it is fitted without them.
package struct HorizonTest: Hashable, Codable, Sendable {
  package struct Cell: Hashable, Codable, Sendable {
    package var params: Double
    package var learningRate: Double
    package var tokens: Double
    package var measured: Double
    package var predicted: Estimate

    package init(
      params: Double, learningRate: Double, tokens: Double, measured: Double, predicted: Estimate
    ) {
      self.params = params
      self.learningRate = learningRate
      self.tokens = tokens
      self.measured = measured
      self.predicted = predicted
    }
  }

  package var cells: [Cell]

  package init(cells: [Cell]) { self.cells = cells }

  /// The root mean square of predicted over measured, less one, in percent.
  package var errorPercent: Double {
    let squares = cells.reduce(0) { sum, cell in
      let error = cell.predicted.value / cell.measured - 1
      return sum + error * error
    }
    return 100 * (squares / Double(max(cells.count, 1))).squareRoot()
  }

  /// The mean of predicted over measured, less one, in percent: which side it errs on.
  package var biasPercent: Double {
    100 * cells.reduce(0) { $0 + $1.predicted.value / $1.measured - 1 }
      / Double(max(cells.count, 1))
  }

  package var coveredCount: Int {
    cells.filter { ($0.predicted.lower...$0.predicted.upper).contains($0.measured) }.count
  }
}

/// What the search-factor law makes of a sweep: a whole grid from the part of it that was run.
package struct HorizonSearch: Hashable, Codable, Sendable {
  /// By ascending params, then batch size.
  package var laws: [HorizonLaw]
  /// The longest horizons, predicted from the shorter ones; `nil` where too few are left.
  package var test: HorizonTest?
  /// Sizes times horizons times learning rates (times batch sizes and seeds): the grid that is asked for.
  package var gridCells: Int
  /// Those that were annealed.
  package var measuredCells: Int
  /// Those that the law predicts.
  package var predictedCells: Int
  /// How far off `test` finds the law one horizon ahead, over the loss's decline along the trunk;
  /// intervals of predictions hold it.
  package var misfit: Double

  package init(
    laws: [HorizonLaw], test: HorizonTest?, gridCells: Int, measuredCells: Int, predictedCells: Int,
    misfit: Double = 0
  ) {
    self.laws = laws
    self.test = test
    self.gridCells = gridCells
    self.measuredCells = measuredCells
    self.predictedCells = predictedCells
    self.misfit = misfit
  }
}
