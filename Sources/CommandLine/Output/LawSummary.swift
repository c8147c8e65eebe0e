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
    lines += forms.summary
    lines.append(
      "basin: half the optimal rate costs \(Quantity.format(basin.penaltyPercent(at: 0.5))) % of loss, "
        + "twice costs \(Quantity.format(basin.penaltyPercent(at: 2))) %; noise of a loss in the quieter slices "
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

extension FormChoice {
  /// Which form the law has and why, in a few lines.
  fileprivate var summary: [String] {
    let counting = trials.filter { $0.share >= 0.005 }.sorted { $0.share > $1.share }
    let parts = counting.map { trial in
      "\(trial.form.name) \(Int((100 * trial.share).rounded())) %"
        + (trial.error.map { " (misses by \(exp($0).rounded(places: 2)))" } ?? "")
    }
    var lines = [
      predictedCells > 0
        ? "form: \(parts.joined(separator: ", ")); each predicted \(predictedCells) larger cells from "
          + "smaller ones"
        : "form: \(parts.joined(separator: ", ")); too few cells to try them on"
    ]
    let bends = curvature.compactMap { bend in
      bend.term.letters.map {
        "\($0) \(bend.estimate.value.rounded(places: 3)) "
          + "(\(bend.estimate.lower.rounded(places: 3)) to \(bend.estimate.upper.rounded(places: 3)))"
      }
    }
    lines.append(
      "curvature, were there any: \(bends.joined(separator: ", ")); "
        + (showsCurvature ? "the runs show it" : "the runs do not show it"))
    if let axes {
      let advice =
        switch axes.better {
        case .tokens: "trust an extrapolation along tokens more"
        case .params: "trust an extrapolation along params more"
        default: "neither is clearly to be trusted more"
        }
      lines.append(
        "axes: at equal compute, shorter runs predict \(axes.targets.counted("larger cell")) within a "
          + "factor \(exp(axes.tokensError).rounded(places: 2)), smaller models within "
          + "\(exp(axes.paramsError).rounded(places: 2)); \(advice)")
    }
    return lines
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
