import RealModule
import Runs
import ScalingLaws
import Studies

extension StudyReport {
  /// Loss at the end against horizon with the law along each trunk, a panel for each model size.
  ///
  /// `nil` where no trunk has horizons enough.
  var horizonFigure: Figure? {
    guard let search = findings.horizons else { return nil }
    let laws = search.laws.filter { $0.curves.contains { !$0.measured.isEmpty } }
    guard !laws.isEmpty else { return nil }
    let hasBatches = Set(laws.map(\.batchTokens)).count > 1
    let panels = laws.map { HorizonPanel($0, hasBatches: hasBatches, rates: rateScale) }
    let tokens = ClosedRange.logarithmic(around: panels.flatMap(\.tokens), margin: 0.05)
    return Figure(
      id: "horizon-law", title: "The horizon law: loss against tokens",
      caption: horizonCaption(search, panels), legend: horizonLegend(search, panels),
      arrangement: .panels(panels.count),
      plots: panels.enumerated().map { index, panel in
        panel.plot(id: "horizon-law-\(index + 1)", tokens: tokens)
      }, table: horizonTable(search, hasBatches: hasBatches))
  }

  private func horizonCaption(_ search: HorizonSearch, _ panels: [HorizonPanel]) -> String {
    let sides = gridSides(search)
    let grid =
      "\(Wording.count(search.measuredCells)) of \(Wording.count(search.gridCells, "cell")) of the "
      + "\(sides.map { "\($0) grid" } ?? "grid") were trained, "
      + "\(Wording.count(search.predictedCells)) are predicted."
    let told = panels.count > 6 ? [panels.first, panels.last].compactMap(\.self) : panels
    let exponents =
      " The loss at the end falls with the horizon D as L₀ + A·D^(\u{2212}γ), where each trunk has its own "
      + "L₀ and A; γ is "
      + told.map { "\($0.exponentWords) at \($0.heading)" }.joined(separator: ", ") + "."
    let above = panels.reduce(0) { $0 + $1.aboveCount }
    return grid + (horizonTestSentence.map { " " + $0 } ?? "") + exponents
      + (above == 0
        ? ""
        : " \(Wording.count(above, "loss", "losses")) above "
          + "\(above == 1 ? "its panel is" : "their panels are") marked at the top.")
  }

  /// The grid's sides, such as `3 × 6 × 6`; `nil` where they do not give its cells.
  private func gridSides(_ search: HorizonSearch) -> String? {
    let study = findings.study
    let sides =
      [
        study.models.count, study.tokens.count + study.predictedTokens.count,
        study.learningRates.values.count,
      ]
      + [study.batchTokens.count, study.seeds.count].filter { $0 > 1 }
    guard sides.reduce(1, *) == search.gridCells else { return nil }
    return sides.map { "\($0)" }.joined(separator: " × ")
  }

  /// How far off the law is where it can be checked; `nil` where it cannot.
  var horizonTestSentence: String? {
    guard let test = findings.horizons?.test, let first = test.cells.first else { return nil }
    let side = test.biasPercent < 0 ? "too low" : "too high"
    return "Fitted without the longest horizons, it predicts their "
      + "\(Wording.count(test.cells.count, "loss", "losses")) with an error of "
      + "\(Wording.percent(test.errorPercent)) (root mean square; on average "
      + "\(Wording.percent(abs(test.biasPercent))) \(side)), \(test.coveredCount) of "
      + "\(test.cells.count) inside their \(Wording.share(first.predicted.confidence)) interval."
  }

  private func horizonLegend(
    _ search: HorizonSearch, _ panels: [HorizonPanel]
  ) -> [LegendEntry] {
    let curves = search.laws.flatMap(\.curves)
    var legend =
      rateLegend(curves.map(\.learningRate), mark: .dot) + [
        LegendEntry(mark: .dot, color: .muted, label: "measured"),
        LegendEntry(mark: .line, color: .muted, label: "law along a trunk"),
      ]
    if let confidence = curves.flatMap(\.predicted).first?.loss.confidence {
      legend.append(
        LegendEntry(
          mark: .hollow, color: .muted,
          label: "predicted, with its \(Wording.share(confidence)) interval"))
    }
    if panels.contains(where: { $0.aboveCount > 0 }) {
      legend.append(LegendEntry(mark: .triangle, color: .muted, label: "loss above the panel"))
    }
    return legend
  }

  private func horizonTable(_ search: HorizonSearch, hasBatches: Bool) -> DataTable {
    DataTable(
      caption:
        "Annealed losses, measured and predicted; a test is a loss predicted without its run",
      columns: [DataTable.Column("what", "What"), DataTable.Column("params", "Params")]
        + (hasBatches ? [DataTable.Column("batch_tokens", "Batch (tokens)")] : []) + [
          DataTable.Column("learning_rate", "Learning rate"),
          DataTable.Column("tokens", "Horizon (tokens)"), DataTable.Column("loss", "Loss"),
          DataTable.Column("lower", "Lower end"), DataTable.Column("upper", "Upper end"),
          DataTable.Column("measured", "Measured"),
        ],
      rows: search.laws.flatMap { law in
        law.curves.flatMap { curve in
          curve.losses.map { what, horizon -> [DataTable.Cell] in
            let isMeasured = what == "measured"
            return [.text(what), .quantity(law.params)]
              + (hasBatches ? [.quantity(law.batchTokens)] : []) + [
                .rate(curve.learningRate), .quantity(horizon.tokens),
                .decimal(horizon.loss.value, digits: 5),
                .decimal(isMeasured ? nil : horizon.loss.lower, digits: 5),
                .decimal(isMeasured ? nil : horizon.loss.upper, digits: 5),
                .decimal(isMeasured ? horizon.loss.value : nil, digits: 5),
              ]
          }
        }
      }
        + (search.test?.cells ?? []).map { cell in
          [.text("test"), .quantity(cell.params)]
            + (hasBatches ? [.quantity(nil)] : []) + [
              .rate(cell.learningRate), .quantity(cell.tokens),
              .decimal(cell.predicted.value, digits: 5), .decimal(cell.predicted.lower, digits: 5),
              .decimal(cell.predicted.upper, digits: 5), .decimal(cell.measured, digits: 5),
            ]
        })
  }
}

extension HorizonCurve {
  /// All its losses with what they are, by ascending horizon.
  fileprivate var losses: [(what: String, loss: HorizonLoss)] {
    (measured.map { ("measured", $0) } + predicted.map { ("predicted", $0) })
      .sorted { $0.1.tokens < $1.1.tokens }
  }
}
