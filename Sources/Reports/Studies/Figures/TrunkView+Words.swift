import Runs
import ScalingLaws
import Studies

extension TrunkView {
  var caption: String {
    let rate = Quantity.learningRate(trunk.run.learningRate)
    let ended = branches.filter { $0.end != nil }
    let predicted = curve?.predicted.count ?? 0
    let serves =
      ended.isEmpty
      ? "No branch of this trunk has ended yet."
      : "\(Wording.count(ended.count, "branch", "branches")) "
        + "\(ended.count == 1 ? "leaves" : "leave") this trunk, each to its own horizon"
        + (predicted == 0
          ? "." : "; the law gives \(Wording.count(predicted, "further horizon")) without a run.")
    return "The trunk of \(heading) whose learning rate, \(rate), is nearest the best. "
      + serves + falls(ended) + cost(ended)
  }

  private func falls(_ ended: [RunCurve]) -> String {
    guard let first = ended.first?.end, let last = ended.last?.end, ended.count > 1 else {
      return ""
    }
    return " The loss at their ends goes from \(Wording.decimal(first.loss, digits: 4)) on "
      + "\(Quantity.format(Double(first.tokens))) tokens to \(Wording.decimal(last.loss, digits: 4)) on "
      + "\(Quantity.format(Double(last.tokens)))."
  }

  /// What sharing the trunk saves, in tokens.
  private func cost(_ ended: [RunCurve]) -> String {
    let branched = ended.compactMap { branch in
      branch.run.branchTokens.map { (from: $0, to: branch.run.tokens) }
    }
    guard branched.count > 1, let longest = branched.map(\.from).max() else { return "" }
    let shared = longest + branched.reduce(0) { $0 + $1.to - $1.from }
    let apart = branched.reduce(0) { $0 + $1.to }
    return
      " These ends took \(Quantity.format(Double(shared))) tokens of training; from their start "
      + "each, they would have taken \(Quantity.format(Double(apart)))."
  }

  var legend: [LegendEntry] {
    var legend = [LegendEntry(mark: .line, color: .data, label: "trunk, held-out text")]
    if !training.isEmpty {
      legend.append(
        LegendEntry(mark: .thinLine, color: .data, label: "trunk, its own batches"))
    }
    if !branches.isEmpty {
      legend.append(LegendEntry(mark: .line, color: .ink, label: "branch, held-out text"))
      legend.append(LegendEntry(mark: .dot, color: .ink, label: "end"))
    }
    if let curve {
      legend.append(LegendEntry(mark: .dashed, color: .answer, label: "horizon law"))
      if let confidence = curve.predicted.first?.loss.confidence {
        legend.append(
          LegendEntry(
            mark: .hollow, color: .answer,
            label: "predicted, with its \(Wording.share(confidence)) interval"))
      }
    }
    return legend
  }

  var table: DataTable {
    DataTable(
      caption: "Losses of the trunk and its branches, and horizons that the law predicts",
      columns: [
        DataTable.Column("what", "What"), DataTable.Column("horizon", "Horizon (tokens)"),
        DataTable.Column("tokens", "Tokens"), DataTable.Column("loss", "Loss"),
        DataTable.Column("lower", "Lower end"), DataTable.Column("upper", "Upper end"),
      ],
      rows: rows("training", nil, training) + rows("trunk", nil, trunk.points)
        + branches.flatMap { rows("branch", $0.run.tokens, $0.points) }
        + branches.compactMap(\.end).flatMap { rows("end", $0.tokens, [$0]) }
        + (curve?.predicted ?? []).map { predicted in
          [
            .text("predicted"), .quantity(predicted.tokens), .quantity(predicted.tokens),
            .decimal(predicted.loss.value, digits: 5), .decimal(predicted.loss.lower, digits: 5),
            .decimal(predicted.loss.upper, digits: 5),
          ]
        })
  }

  private func rows(
    _ what: String, _ horizon: Int?, _ points: [StudyRun.CurvePoint]
  ) -> [[DataTable.Cell]] {
    points.map { point in
      [
        .text(what), .quantity(horizon.map(Double.init)), .quantity(Double(point.tokens)),
        .decimal(point.loss, digits: 5), .decimal(nil), .decimal(nil),
      ]
    }
  }
}
