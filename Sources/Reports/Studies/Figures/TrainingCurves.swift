import RealModule
import Runs
import Studies

extension StudyReport {
  /// Held-out loss against tokens, a panel for each model size; `nil` before any loss is measured.
  var trainingCurves: Figure? {
    let panels = panels.map { CurvePanel($0, rates: rateScale) }.filter { !$0.isEmpty }
    guard !panels.isEmpty else { return nil }
    let tokens = Self.sharedTokens(panels)
    let plots = panels.enumerated().map { index, panel in
      panel.plot(id: "training-curves-\(index + 1)", tokens: tokens)
    }
    return Figure(
      id: "training-curves", title: "Training curves", caption: curvesCaption(panels),
      legend: curvesLegend(panels), arrangement: .panels(plots.count), plots: plots,
      table: curvesTable(panels))
  }

  /// One range for all panels, from before the first curve comes into view to the longest one's end.
  private static func sharedTokens(_ panels: [CurvePanel]) -> ClosedRange<Double> {
    let starts = panels.flatMap { [$0.firstTokensInView, $0.shortestHorizon.map { 0.75 * $0 }] }
      .compactMap(\.self)
    let ends = panels.flatMap(\.curves).flatMap(\.points).map { Double($0.tokens) }
    return .logarithmic(around: starts + [ends.max() ?? 1], margin: 0.02)
  }

  private func curvesLegend(_ panels: [CurvePanel]) -> [LegendEntry] {
    let curves = panels.flatMap(\.curves)
    let hasBranches = curves.contains { $0.run.role == .branch && !$0.points.isEmpty }
    var legend = rateLegend(panels.flatMap(\.shownRates), mark: .line)
    if hasBranches {
      legend.append(LegendEntry(mark: .thinLine, color: .muted, label: "trunk, at the peak rate"))
      legend.append(LegendEntry(mark: .line, color: .muted, label: "branch, decaying"))
    }
    if panels.contains(where: { !$0.marks(.end).isEmpty }) {
      legend.append(LegendEntry(mark: .dot, color: .muted, label: "end of a run"))
    }
    if panels.contains(where: { !$0.marks(.above).isEmpty }) {
      legend.append(LegendEntry(mark: .triangle, color: .muted, label: "ends above the panel"))
    }
    if panels.contains(where: { !$0.marks(.diverged).isEmpty }) {
      legend.append(LegendEntry(mark: .cross, color: .muted, label: "diverged"))
    }
    return legend
  }

  private func curvesCaption(_ panels: [CurvePanel]) -> String {
    let best = panels.compactMap { panel in
      panel.panel.best.map { (panel.panel.heading, $0) }
    }
    let told = best.count > 6 ? [best.first, best.last].compactMap(\.self) : best
    let messages = told.map { heading, run in
      "\(heading) \(Wording.decimal(run.loss ?? .nan, digits: 4)) at a learning rate of "
        + "\(Quantity.learningRate(run.learningRate)) on \(Quantity.format(Double(run.tokens))) tokens"
    }
    let message =
      messages.isEmpty
      ? "No run has ended with a loss yet."
      : "Best final loss\(best.count > told.count ? " of the smallest and the largest" : ""): "
        + messages.joined(separator: "; ") + "."
    let shared =
      panels.flatMap(\.curves).contains { $0.run.role == .branch }
      ? " A trunk stays at the peak learning rate; each of its branches leaves it to decay, and "
        + "only the end of a branch is a result." : ""
    let above = panels.reduce(0) { $0 + $1.marks(.above).count }
    let clipped =
      above == 0
      ? ""
      : " \(Wording.count(above, "run")) \(above == 1 ? "ends" : "end") above "
        + "\(above == 1 ? "its" : "their") panel."
    let diverged = panels.reduce(0) { $0 + $1.marks(.diverged).count }
    let lost =
      diverged == 0
      ? "" : " \(Wording.count(diverged, "run")) diverged, the last loss seen marked by a cross."
    let empty = self.panels.count - panels.count
    let missing =
      empty == 0
      ? "" : " \(Wording.count(empty, "further panel")) \(empty == 1 ? "has" : "have") no loss yet."
    return message + shared + clipped + lost + missing
      + " Tokens are on a logarithmic axis, the same in all panels, and losses from each panel's "
      + "least up to where most runs of the shortest horizon end; what is above is cut off."
  }

  private func curvesTable(_ panels: [CurvePanel]) -> DataTable {
    let hasBatch = panels.contains { $0.panel.batchTokens != nil }
    let curves = panels.flatMap(\.curves)
    let isThinned = curves.contains { $0.run.validation.count > RunCurve.most }
    return DataTable(
      caption: "Loss on held-out text along every run"
        + (isThinned ? ", at \(RunCurve.most) places at most" : ""),
      columns: [DataTable.Column("run", "Run"), DataTable.Column("role", "Role")]
        + [DataTable.Column("params", "Params")]
        + (hasBatch ? [DataTable.Column("batch_tokens", "Batch (tokens)")] : []) + [
          DataTable.Column("learning_rate", "Learning rate"),
          DataTable.Column("tokens", "Tokens"), DataTable.Column("loss", "Loss"),
        ],
      rows: curves.flatMap { curve in
        curve.points.map { point in
          [.text(curve.run.id), .text(curve.run.role.words), .quantity(curve.run.params)]
            + (hasBatch ? [.quantity(Double(curve.run.batchTokens))] : []) + [
              .rate(curve.run.learningRate), .quantity(Double(point.tokens)),
              .decimal(point.loss, digits: 5),
            ]
        }
      })
  }
}

extension Figure.Arrangement {
  /// Room for curves in each of `count` panels.
  static func panels(_ count: Int) -> Figure.Arrangement {
    count == 1 ? .single : count == 2 ? .pair : .panels
  }
}

extension StudyRun.Role {
  var words: String {
    switch self {
    case .trunk: "trunk"
    case .branch: "branch"
    case .whole: "whole"
    case .heldOut: "held out"
    }
  }
}
