import RealModule
package import Runs

/// All that was learnt from a sweep, complete enough to recommend, to report and to be checked.
///
/// Its JSON is the law file; `formatVersion` changes when a reader of the old form would be misled.
package struct LearningRateLaw: Codable, Sendable {
  package static let formatName = "vernier-law"
  package static let formatVersion = 2

  package var format = formatName
  package var version = formatVersion
  /// What was fitted on.
  package var source: LawSource
  package var recipe: SweepRecipe
  /// Which rate of the runs all rates of the law are.
  package var rateKind: RateKind
  /// Between effective and peak rate, for a law in effective rates.
  package var conversion: RateConversion?
  /// Where runs carry both rates, and are enough to hold some out.
  package var rateComparison: RateComparison?
  /// What the law's N counts.
  package var paramsKind: ParameterCountKind
  /// What the active share is a share of; `nil` where all runs are of dense models.
  package var activeShareKind: ActiveShareKind?
  /// The optimal learning rate at the best batch size, or at the only one.
  package var rate: ScaleLaw
  /// The optimal learning rate at a given batch size, where several were swept.
  package var rateAtBatch: ScaleLaw?
  /// The best batch size, where several were swept.
  package var batch: ScaleLaw?
  package var basin: BasinModel
  /// The forms of the law that were tried, and what each counts.
  package var forms: FormChoice
  /// How far the luck of one horizon of a trunk is that of the next, 0 to 1.
  package var trunkCorrelation: Double
  package var ranges: LawRanges
  package var holdOut: HoldOut?
  package var cells: [CellFit]
  package var warnings: [FitWarning]
}

extension LearningRateLaw {
  /// The scales that the law rests on: those of the cells whose optimum is located.
  var supportedParams: ValueRange {
    ValueRange(supportingCells.map(\.params)) ?? ranges.params
  }

  var supportedTokens: ValueRange {
    ValueRange(supportingCells.map(\.tokens)) ?? ranges.tokens
  }

  /// `nil` where the law does not depend on the active share.
  var supportedActiveShares: ValueRange? {
    ValueRange(supportingCells.compactMap(\.activeShare))
  }

  /// Whether the optimum depends on the active share, as far as the runs tell.
  package var needsActiveShare: Bool { rate.terms.contains(.activeShare) }

  /// A prediction extends no range: what the law says there is extrapolated already.
  private var supportingCells: [CellFit] {
    cells.filter { $0.status == .located && !$0.isPredicted }
  }
}

/// The runs behind a law.
package struct LawSource: Hashable, Codable, Sendable {
  package var file: String
  package var digest: String?
  package var runs: Int
  package var divergedRuns: Int
  /// Runs whose loss is too far below all others of their slice to be believed; they are not used.
  package var implausibleRuns: Int
  package var trunks: Int
  /// Cells that were not run but predicted from other horizons; `runs` does not count them.
  package var predictedRuns: Int

  package init(file: String, digest: String?) {
    self.file = file
    self.digest = digest
    runs = 0
    divergedRuns = 0
    implausibleRuns = 0
    trunks = 0
    predictedRuns = 0
  }
}

/// The least and the greatest of a quantity.
package struct ValueRange: Hashable, Codable, Sendable {
  package var lower: Double
  package var upper: Double

  /// - Returns: `nil` for no values.
  init?(_ values: [Double]) {
    guard let lower = values.min(), let upper = values.max() else { return nil }
    self.lower = lower
    self.upper = upper
  }

  init(_ value: Double) {
    lower = value
    upper = value
  }

  /// How far `value` lies outside, in powers of ten: above is positive, below negative.
  package func decades(to value: Double) -> Double {
    if value > upper { return .log10(value / upper) }
    return value < lower ? -.log10(lower / value) : 0
  }
}

/// The scales and rates that were tried.
package struct LawRanges: Hashable, Codable, Sendable {
  package var params: ValueRange
  package var tokens: ValueRange
  package var batchTokens: ValueRange?
  /// `nil` where all runs are of dense models.
  package var activeShare: ValueRange?
  package var learningRate: ValueRange
}

/// One cell of the sweep: its runs, their basins and its optimum.
package struct CellFit: Hashable, Codable, Sendable {
  package enum Status: String, Codable, Sendable {
    case located
    case edge
    case tooFewLearningRates = "too_few_learning_rates"
    case allDiverged = "all_diverged"
  }

  package var params: Double
  package var tokens: Double
  /// The share of the model that is active, where runs differ in it.
  package var activeShare: Double?
  package var status: Status
  /// The optimal learning rate at the best batch size.
  package var optimum: Estimate?
  package var bestBatchTokens: Double?
  package var slices: [SliceFit]

  package var scale: RunScale {
    RunScale(params: params, tokens: tokens, activeShare: activeShare)
  }

  /// Whether nothing was run here: all losses were predicted from other horizons.
  package var isPredicted: Bool {
    slices.allSatisfy { !$0.predicted.contains(false) }
  }
}

/// The runs of a cell at one batch size, and their basin.
package struct SliceFit: Hashable, Codable, Sendable {
  package var batchTokens: Double?
  package var status: CellFit.Status
  package var edge: SweepEdge?
  package var optimum: Estimate?
  /// The least loss, by the basin.
  package var minimumLoss: Double?
  /// The relative error of the least loss; missing in the files of older programs.
  package var minimumLossDeviation: Double?
  /// The second derivative of log loss in log rate at the optimum.
  package var depth: Double?
  /// An element of each array a run; the loss is missing where it was not finite.
  package var learningRates: [Double]
  package var losses: [Double?]
  package var diverged: [Bool]
  /// Which losses were not measured but predicted from other horizons.
  package var predicted: [Bool]
}
