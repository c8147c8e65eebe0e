import Runs

/// Why runs say nothing of batch size.
package enum BatchError: Error, Hashable, CustomStringConvertible {
  case noBatchTokens
  case oneBatch(Double)
  case oneBatchInEachCell
  case oldLaw

  package var description: String {
    switch self {
    case .noBatchTokens:
      "the runs do not say their batch size; add a column batch_tokens, tokens in one optimizer step, or "
        + "make one from sequences with --map batch_tokens=COLUMN*LENGTH"
    case .oneBatch(let batch):
      "all runs have one batch size, \(Quantity.format(batch)) tokens; add runs at two more at least, "
        + "such as half and twice of it, each with three learning rates or more"
    case .oneBatchInEachCell:
      "batch sizes differ between sizes and horizons, but none has two with three learning rates each, so "
        + "batch size cannot be told from scale; add two more batch sizes at one of them"
    case .oldLaw:
      "the law file was made by an older program and lacks the errors of its losses; fit the runs again"
    }
  }
}

/// Something about batch size that the runs do not tell.
package struct BatchGap: Hashable, Encodable, Sendable {
  /// What is missing.
  package enum Code: String, Encodable, Sendable {
    case optimalBatch = "optimal_batch"
    case criticalBatch = "critical_batch"
    case coupling
    case edgeRates = "edge_rates"
    case ramp
  }

  package var code: Code
  /// Why, and what to add.
  package var message: String
}
