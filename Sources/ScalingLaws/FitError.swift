import Runs

/// Why runs do not give a law.
package enum FitError: Error, Hashable, CustomStringConvertible {
  case noRuns
  case allDiverged(count: Int)
  case tooFewLearningRates(most: Int, scale: RunScale)
  case everyOptimumAtEdge([SweepEdge], learningRates: ClosedRange<Double>)
  case mixed(field: String, groups: [String], example: String)
  case batchTokensMissing(count: Int, firstLine: Int)
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
    case .batchTokensMissing(let count, let firstLine):
      "batch_tokens is empty for \(count.counted("run")) and given for others, the first on line \(firstLine); "
        + "fill it in, leave those rows out, or remove the column"
    case .singular:
      "the least-squares system of the law is singular; the runs do not determine any law"
    }
  }
}
