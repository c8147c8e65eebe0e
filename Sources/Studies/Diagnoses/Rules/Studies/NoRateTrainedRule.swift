import Runs
import ScalingLaws

/// A cell has no rate at which all runs trained.
struct NoRateTrainedRule: StudyRule {
  func findings(in diagnosis: StudyDiagnosis) -> [Finding] {
    diagnosis.cells.compactMap { cell in
      guard cell.best == nil, let lowest = cell.rates.first, let highest = cell.rates.last else {
        return nil
      }
      let range =
        cell.rates.count == 1
        ? "the one rate, \(Quantity.learningRate(lowest.learningRate)),"
        : "each of \(cell.rates.count) rates, from "
          + "\(Quantity.learningRate(lowest.learningRate)) to "
          + "\(Quantity.learningRate(highest.learningRate)),"
      return Finding(
        .noRateTrained, .danger, at: cell.place.words(withVariant: diagnosis.hasVariants),
        seen: "at \(range) a run diverged",
        meaning:
          "nothing is known of the optimum but that it lies below: sweep lower rates, or make the recipe "
          + " stabler (qk_norm, z_loss, longer warm-up)",
        evidence: [
          .init("lowest_rate", lowest.learningRate), .init("highest_rate", highest.learningRate),
        ])
    }
  }
}
