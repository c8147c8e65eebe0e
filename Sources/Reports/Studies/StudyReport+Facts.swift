import Runs
import ScalingLaws
import Studies

extension StudyReport {
  /// How far the runs are, what they cost and how well the law did, in big type.
  var facts: [HTML.Fact] {
    [runsFact, costFact] + [horizonFact, heldOutFact].compactMap(\.self)
  }

  private var runsFact: HTML.Fact {
    let counts = StudyStanding.allCases.compactMap { standing -> String? in
      let count = sweepStandings.count { $0 == standing }
      guard count > 0, standing != .finished else { return nil }
      return "\(Wording.count(count)) \(standing.rawValue)"
    }
    return (
      "Runs of the sweep", "\(Wording.count(doneCount)) of \(Wording.count(sweepRuns.count)) done",
      counts.isEmpty ? "all of them finished" : counts.joined(separator: ", ")
    )
  }

  private var costFact: HTML.Fact {
    let cost = findings.cost
    let heldOut =
      cost.heldOut > 0 ? "; and \(Wording.flops(cost.heldOut)) for the held-out test" : ""
    return ("Spent on the sweep", Wording.flops(cost.spent), "\(costSentence)\(heldOut)")
  }

  /// What the sweep's cost is a share of, and why it is less.
  var costSentence: String {
    let cost = findings.cost
    // Diverged runs end early, so a sweep that is done may have spent less than planned.
    let isDone = doneCount == sweepRuns.count
    let remaining = isDone ? "" : "of \(Wording.flops(cost.planned)) planned; "
    guard cost.fullGrid > 0 else { return remaining + "the grid has no cells" }
    let full = Wording.flops(cost.fullGrid)
    let share = Wording.share(
      ((isDone ? cost.spent : cost.planned) / cost.fullGrid).rounded(significant: 2))
    guard cost.planned < 0.999 * cost.fullGrid else {
      return remaining + "the plan trains every cell of the grid from its start"
    }
    return remaining
      + (isDone
        ? "of the \(full) that the full grid would have taken, \(share)"
        : "the full grid would take \(full), the plan takes \(share) of it")
      + savings
  }

  private var savings: String {
    var reasons: [String] = []
    if sweepRuns.contains(where: { $0.role == .branch }) { reasons.append("horizons share trunks") }
    if let search = findings.horizons, search.predictedCells > 0 {
      reasons.append(
        "\(Wording.count(search.predictedCells)) of \(Wording.count(search.gridCells, "cell")) "
          + "\(search.predictedCells == 1 ? "is" : "are") predicted")
    }
    return reasons.isEmpty ? "" : "; " + reasons.joined(separator: ", and ")
  }

  private var horizonFact: HTML.Fact? {
    guard let test = findings.horizons?.test, !test.cells.isEmpty else { return nil }
    return (
      "Error of predicted horizons", Wording.percent(test.errorPercent),
      "root mean square over \(Wording.count(test.cells.count, "loss", "losses")) predicted without "
        + "their runs; \(test.coveredCount) inside the interval"
    )
  }

  private var heldOutFact: HTML.Fact? {
    if let test = findings.heldOut {
      let scale =
        "\(Quantity.format(test.params)) parameters on "
        + "\(Quantity.format(Double(test.tokens))) tokens"
      guard let gap = test.gapWords else {
        return ("Tried out at scale", "diverged", "at the recommended rate, with \(scale)")
      }
      return ("Tried out at scale", gap, "over the least loss measured, with \(scale)")
    }
    guard findings.study.holdOut != nil else { return nil }
    return ("Tried out at scale", "not yet", heldOutProgress)
  }

  /// How far the held-out test has come.
  var heldOutProgress: String {
    let own = standings.filter { $0.run.role == .heldOut }.map(\.standing)
    return own.isEmpty
      ? "its runs are planned once there is a law"
      : "\(Wording.count(own.count(where: \.isDone))) of \(Wording.count(own.count, "run")) done"
  }

  var sweepStandings: [StudyStanding] {
    standings.filter { $0.run.role != .heldOut }.map(\.standing)
  }

  /// The runs of the sweep with nothing left to train.
  var doneCount: Int { sweepStandings.count(where: \.isDone) }
}
