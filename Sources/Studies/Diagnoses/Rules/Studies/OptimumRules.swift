import Runs
import ScalingLaws

/// The best rate is next to one that is lost.
struct UnstableOptimumRule: StudyRule {
  func findings(in diagnosis: StudyDiagnosis) -> [Finding] {
    diagnosis.cells.compactMap { cell in
      guard let best = cell.best, let next = cell.nextHigher, next.fate != .trained else {
        return nil
      }
      let place = cell.place.words(withVariant: diagnosis.hasVariants)
      let what =
        next.fate == .diverged
        ? "diverged" + (next.runs > 1 ? " in \(next.diverged) of \(next.runs) runs" : "")
        : "had loss spikes"
      return Finding(
        .unstableOptimum, next.fate == .diverged ? .caution : .note, at: place,
        seen: "the next rate above the best, \(Quantity.learningRate(next.learningRate)) above "
          + "\(Quantity.learningRate(best.learningRate)), \(what)",
        meaning:
          "the basin ends in a cliff: a law that misses upwards by one grid step loses the run. Set "
          + "the rate below the optimum, or make the recipe stabler (qk_norm, z_loss, longer warm-up) and "
          + "sweep again",
        source: "arXiv 2309.14322",
        evidence: [
          .init("best_rate", best.learningRate), .init("next_rate", next.learningRate),
          .init("diverged", Double(next.diverged)), .init("spiked", Double(next.spiked)),
        ])
    }
  }
}

/// The best rate is the first or the last.
struct OptimumAtEdgeRule: StudyRule {
  func findings(in diagnosis: StudyDiagnosis) -> [Finding] {
    diagnosis.cells.compactMap { cell in
      guard let edge = cell.tried.edge, let rate = cell.best?.learningRate else { return nil }
      return Finding(
        .optimumAtEdge, .caution, at: cell.place.words(withVariant: diagnosis.hasVariants),
        seen: "the best rate, \(Quantity.learningRate(rate)), is the "
          + "\(edge.rawValue) of the sweep",
        meaning:
          "the optimum lies there or beyond, and nothing is known of its stability: extend the rates "
          + (edge == .lowest ? "downwards" : "upwards"),
        evidence: [
          .init("best_rate", rate), .init("rates", Double(cell.rates.count)),
        ])
    }
  }
}
