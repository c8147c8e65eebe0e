import Foundation
import Runs
import ScalingLaws

extension LearningRateLaw {
  /// The law in a few lines for a terminal.
  var summary: String {
    let located = cells.filter { $0.status == .located }.count
    var lines = [
      "\(source.runs) runs (\(source.divergedRuns) diverged"
        + (source.predictedRuns > 0 ? "; \(source.predictedRuns) more predicted" : "")
        + ") in \(cells.count) cells; "
        + "optimum located in \(located)"
    ]
    lines.append(rate.summary(batch == nil ? "" : " at the best batch size"))
    if let rateAtBatch { lines.append(rateAtBatch.summary(" at batch size B")) }
    if let batch { lines.append(batch.summary(" tokens")) }
    lines.append(
      "basin: half the optimal rate costs \(Quantity.format(basin.penaltyPercent(at: 0.5))) % of loss, "
        + "twice costs \(Quantity.format(basin.penaltyPercent(at: 2))) %; noise of a loss "
        + "\(Quantity.format(100 * basin.noise)) %")
    if let holdOut {
      lines.append(
        "hold-out: fitted on the \(holdOut.trainingCells) smaller cells, the law misses the largest "
          + "\(holdOut.cells.count) by a factor \(exp(holdOut.lawError).rounded(places: 2)), which costs "
          + "\(Quantity.format(holdOut.meanPenaltyPercent)) % of loss; "
          + "\(holdOut.coveredCount) of \(holdOut.cells.count) inside their interval")
    }
    return lines.joined(separator: "\n")
  }
}

extension ScaleLaw {
  fileprivate func summary(_ what: String) -> String {
    let exponents = zip(terms, coefficients).compactMap { term, estimate in
      term.symbol.map {
        "\($0): \(estimate.value.rounded(places: 3)) (\(estimate.lower.rounded(places: 3)) to "
          + "\(estimate.upper.rounded(places: 3)))"
      }
    }
    return formula + what + "   exponents " + exponents.joined(separator: ", ")
  }
}
