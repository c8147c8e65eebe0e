import RealModule
import Runs

/// When a cell counts as equilibrated.
package enum UnsettledCells {
  /// 2ηλS below which more than a twentieth of the first transient is left at the end.
  package static let least = -Double.log(NormTheory.equilibratedBelow)
}

/// At the optimum of some cells the weights never came to equilibrium.
struct UnsettledCellsRule: StudyRule {
  func findings(in diagnosis: StudyDiagnosis) -> [Finding] {
    let sums = diagnosis.cells.compactMap { cell in
      cell.best?.decaySum.map { (cell, $0) }
    }.filter { $1 > 0 }
    let unsettled = sums.filter { $1 < UnsettledCells.least }
    guard let least = unsettled.min(by: { $0.1 < $1.1 }) else { return [] }
    let isAll = unsettled.count == sums.count
    return [
      Finding(
        .unsettledCells, .caution,
        seen:
          "\(isAll ? "all" : "\(unsettled.count) of") \(sums.count) cells have not equilibrated at their "
          + "best rate: 2ηλS is below \(UnsettledCells.least.rounded(significant: 2)), at the least "
          + "\(least.1.rounded(significant: 2)) (\(least.0.place.words(withVariant: diagnosis.hasVariants)))",
        meaning: isAll
          ? "all of them end in the transient, where the effective rate follows η; a target that runs "
            + "longer leaves it, and a law in the bare rate is suspect there"
          : "cells on both sides lie on no single power law of the bare rate: extrapolate from those that "
            + "did equilibrate, along tokens rather than params, or by the effective rate",
        source: "arXiv 2606.29158; threshold derived here",
        evidence: [
          .init("cells", Double(sums.count)), .init("unsettled", Double(unsettled.count)),
          .init("least_two_eta_lambda_steps", least.1), .init("threshold", UnsettledCells.least),
        ])
    ]
  }
}
