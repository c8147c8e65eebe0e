/// Something in the runs or the target that makes the answer less sure than it looks.
package struct FitWarning: Hashable, Codable, Sendable {
  package enum Code: String, CaseIterable, Codable, Sendable {
    case simulatedRuns = "simulated_runs"
    case edgeOptimum = "edge_optimum"
    case sparseCell = "sparse_cell"
    case fewCells = "few_cells"
    case implausibleLosses = "implausible_losses"
    case effectiveRate = "effective_rate"
    case effectiveRateMissing = "effective_rate_missing"
    case divergedRuns = "diverged_runs"
    case paramsNotIdentified = "params_not_identified"
    case tokensNotIdentified = "tokens_not_identified"
    case batchNotIdentified = "batch_not_identified"
    case activeShareNotIdentified = "active_share_not_identified"
    case noBetterThanConstant = "no_better_than_constant"
    case simplerFormPredictsBetter = "simpler_form_predicts_better"
    case curvature
    case noHoldOut = "no_hold_out"
    case mixedRecipe = "mixed_recipe"
    case unknownKinds = "unknown_kinds"
    case assumedTrunks = "assumed_trunks"
    case misspeltColumn = "misspelt_column"
    case repeatedRows = "repeated_rows"
    case replicates
    case unfinishedRuns = "unfinished_runs"
    case extrapolation
    case outsideSweptRates = "outside_swept_rates"
    case fewSchedules = "few_schedules"
    case risingRate = "rising_rate"
    case longWarmup = "long_warmup"
    case peakRateDiffers = "peak_rate_differs"
    case longerThanFitted = "longer_than_fitted"
    case lowerRateThanFitted = "lower_rate_than_fitted"
    case rangeTooNarrow = "range_too_narrow"
    case repeatedData = "repeated_data"
    case continuedTraining = "continued_training"
    case phase
  }

  package var code: Code
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
