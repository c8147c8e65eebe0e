import Runs

/// Why runs do not give a law.
package enum FitError: Error, Hashable, CustomStringConvertible {
  case noRuns
  case allDiverged(count: Int)
  case tooFewLearningRates(most: Int, scale: RunScale)
  case everyOptimumAtEdge([SweepEdge], learningRates: ClosedRange<Double>)
  case mixed(field: String, groups: [String], example: String)
  case batchTokensMissing(count: Int, first: String)
  case activeShareAboveOne(ActiveShareKind, place: String)
  case activeShareMissing(count: Int, first: String)
  case effectiveRateMissing(count: Int, first: String)
  case effectiveRateFalls
  case tooManyScales(Int, most: Int)
  case singular

  package var description: String {
    switch self {
    case .noRuns:
      "there are no finished runs to fit; give at least three learning rates at one scale"
    case .allDiverged(let count):
      "all \(count) runs diverged: none has a finite loss below its start; "
        + "sweep lower learning rates, or check the loss column"
    case .tooFewLearningRates(let most, let scale):
      "no scale has \(OptimumSite.leastLearningRates) learning rates at one batch size: the most is "
        + "\(most), at \(Quantity.format(scale.params)) params on \(Quantity.format(scale.tokens)) tokens; "
        + "add runs there, on both sides of the best one"
    case .everyOptimumAtEdge(let edges, let rates):
      "at every scale the best learning rate is the "
        + Set(edges).map { $0.rawValue }.sorted().joined(separator: " or the ")
        + " one tried (\(rates.lowerBound) to \(rates.upperBound)), so no optimum is bracketed; "
        + "widen the sweep "
        + (Set(edges) == [.highest]
          ? "upwards" : Set(edges) == [.lowest] ? "downwards" : "both ways")
    case .mixed(let field, let groups, let example):
      "the runs differ in \(field): \(groups.joined(separator: ", ")); their losses must not be "
        + "fitted together: fit each alone, for example with --where \(field)=\(example)"
    case .batchTokensMissing(let count, let first):
      "batch_tokens is empty for \(count.counted("run")) and given for others, the first \(first); "
        + "fill it in, leave those rows out, or remove the column"
    case .activeShareAboveOne(let kind, let place):
      "\(kind.fields.part) is above \(kind.fields.whole) \(place), and no more than all of a model "
        + "is active; correct the row, or remove the columns if they count something else"
    case .activeShareMissing(let count, let first):
      "experts and experts_active are given for some runs, and not both for \(count.counted("run")) "
        + "that other columns show to be no dense model, the first \(first); fill them in, "
        + "or leave those rows out"
    case .effectiveRateMissing(let count, let first):
      "effective_learning_rate is empty for \(count.counted("run")) that did not diverge, the first "
        + "\(first); fill it in, measured alike in all runs, leave those rows out, or fit the peak rate"
    case .effectiveRateFalls:
      "effective_learning_rate falls as learning_rate grows, so no peak rate can be told from it; check "
        + "the column, or fit the peak rate"
    case .tooManyScales(let count, let most):
      "the runs and what could be trained are at \(count) scales (params and tokens), and a plan takes up to "
        + "\(most); round their numbers to fewer sizes and horizons, or leave runs or candidates out"
    case .singular:
      "the least-squares system of the law is singular; the runs do not determine any law"
    }
  }
}

extension ActiveShareKind {
  /// The fields of the run record that the share is made of.
  package var fields: (part: String, whole: String) {
    switch self {
    case .experts: ("experts_active", "experts")
    case .params: ("params_active", "params_total")
    }
  }
}
