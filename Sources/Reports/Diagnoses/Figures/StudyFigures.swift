import Runs
import ScalingLaws
import Studies

extension StudyDiagnosisReport {
  /// The best rate of each cell, and what became of the next higher one.
  var stabilityFigure: Figure? {
    let located = diagnosis.cells.compactMap { cell in cell.best.map { (cell: cell, best: $0) } }
    func above(_ fate: CellDiagnosis.Fate) -> Values {
      located.compactMap { cell, _ in
        cell.nextHigher.flatMap { $0.fate == fate ? (cell, $0.learningRate) : nil }
      }
    }
    let plots = plots(
      "stability", title: "Learning rate", located.map { ($0.cell, $0.best.learningRate) },
      others: [(.cross, above(.diverged)), (.triangle, above(.spiked))]
    ) { Wording.tick($0) }
    guard !plots.isEmpty else { return nil }
    return Figure(
      id: "stability", title: "How near the best rate is to one that is lost",
      caption:
        "Dots are the best rates. A cross is the next higher rate of the cell where a run at it diverged, a "
        + "triangle one where a run had loss spikes: there the basin ends in a cliff, and a law that misses "
        + "upwards by one step of the grid loses the run.",
      legend: sizeLegend
        + (above(.diverged).isEmpty
          ? [] : [LegendEntry(mark: .cross, color: .muted, label: "next higher rate diverged")])
        + (above(.spiked).isEmpty
          ? [] : [LegendEntry(mark: .triangle, color: .muted, label: "next higher rate spiked")]),
      arrangement: plots.count > 1 ? .panels : .single, plots: plots,
      table: DataTable(
        caption: "The best rate and the next higher one",
        columns: Self.placeColumns + [
          .init("best_rate", "Best rate"), .init("next_rate", "Next higher rate"),
          .init("fate", "What became of it"),
        ],
        rows: located.map { cell, best in
          Self.placeCells(cell.place) + [
            .rate(best.learningRate), .rate(cell.nextHigher?.learningRate),
            .text(cell.nextHigher?.fate.rawValue ?? "not tried"),
          ]
        }))
  }

  /// What a blind choice of the rate costs in each cell.
  var sensitivityFigure: Figure? {
    let values = diagnosis.cells.compactMap { cell in
      cell.tried.sensitivity.map { (cell, $0) }
    }
    let plots = plots(
      "sensitivity", title: "Sensitivity (nats)", values.map { ($0.0, $0.1.value) }
    ) { Wording.decimal($0) }
    guard !plots.isEmpty else { return nil }
    let decades = values.map(\.1.decades)
    return Figure(
      id: "sensitivity", title: "Sensitivity to the learning rate",
      caption:
        "The mean over the sweep’s rates of min(loss, first loss) above the best loss (arXiv 2309.14322). "
        + "It is larger over a wider range: here over \(Self.range(decades)) decades. What rises "
        + "with size or horizon is a recipe that gets harder to tune.",
      legend: sizeLegend, arrangement: plots.count > 1 ? .panels : .single, plots: plots,
      table: DataTable(
        caption: "Sensitivity to the learning rate",
        columns: Self.placeColumns + [
          .init("sensitivity", "Sensitivity (nats)"), .init("lowest_rate", "Lowest rate"),
          .init("highest_rate", "Highest rate"), .init("rates", "Rates"),
          .init("even", "Evenly spaced"),
        ],
        rows: values.map { cell, sensitivity in
          Self.placeCells(cell.place) + [
            .decimal(sensitivity.value), .rate(sensitivity.lowestRate),
            .rate(sensitivity.highestRate), .count(sensitivity.rates),
            .text(sensitivity.isEven ? "yes" : "no"),
          ]
        }))
  }

  private static func range(_ values: [Double]) -> String {
    let ends = [values.min() ?? 0, values.max() ?? 0].map { Wording.decimal($0) }
    return ends[0] == ends[1] ? ends[0] : "\(ends[0]) to \(ends[1])"
  }

  /// 2ηλS at the best rate of each cell.
  var decaySumFigure: Figure? {
    let values = diagnosis.cells.compactMap { cell in
      cell.best?.decaySum.map { (cell: cell, value: $0) }
    }
    let plots = plots(
      "equilibrium", title: "2ηλS", level: UnsettledCells.least, values
    ) { Wording.decimal($0) }
    guard !plots.isEmpty else { return nil }
    return Figure(
      id: "equilibrium", title: "Equilibrium at the best rate",
      caption:
        "2ηλS at the best rate of each cell, S being its steps and η the schedule’s sum. Below the line, at "
        + "\(Wording.decimal(UnsettledCells.least)), more than a twentieth of the first norms’ transient is left "
        + "at the end, and a law in the bare rate is suspect.",
      legend: sizeLegend + [LegendEntry(mark: .dashed, color: .muted, label: "equilibrated above")],
      arrangement: plots.count > 1 ? .panels : .single, plots: plots,
      table: DataTable(
        caption: "Equilibrium at the best rate",
        columns: Self.placeColumns + [
          .init("best_rate", "Best rate"), .init("two_eta_lambda_steps", "2ηλS"),
        ],
        rows: values.map {
          Self.placeCells($0.cell.place) + [
            .rate($0.cell.best?.learningRate), .decimal($0.value),
          ]
        }))
  }

  /// The effective rate at the optimum beside the plain one.
  var optimumRateFigure: Figure? {
    let located = diagnosis.cells.compactMap { cell in cell.optimum.map { (cell, $0) } }
    let plain = plots(
      "optimum-rate", title: "Best learning rate", located.map { ($0.0, $0.1.learningRate) }
    ) { Wording.tick($0) }
    let effective = plots(
      "optimum-effective", title: "Effective rate there",
      located.compactMap { cell, optimum in optimum.displacement.map { (cell, $0) } }
    ) { Wording.tick($0) }
    guard !plain.isEmpty else { return nil }
    return Figure(
      id: "optimum", title: "The best rate and the effective rate there", caption: optimumCaption,
      legend: sizeLegend, arrangement: plain.count + effective.count > 2 ? .panels : .pair,
      plots: plain + effective,
      table: DataTable(
        caption: "Rates at the optimum",
        columns: Self.placeColumns + [
          .init("learning_rate", "Best rate"), .init("displacement", "Displacement"),
          .init("rate_over_norm", "Rate over norm"),
        ],
        rows: located.map { cell, optimum in
          Self.placeCells(cell.place) + [
            .rate(optimum.learningRate), .rate(optimum.displacement), .rate(optimum.rateOverNorm),
          ]
        }))
  }

  private var optimumCaption: String {
    let start =
      "The optimum is that of a parabola through the best loss and its neighbours; cells whose best rate is "
      + "at an edge, or beside a run that diverged, are left out. "
    guard let steady = diagnosis.steadiness else {
      return start
        + (diagnosis.hasTelemetry
          ? "There are too few such cells to compare spreads."
          : "Without telemetry nothing is known of effective rates.")
    }
    func power(_ spread: Double) -> String { "2^\(Wording.decimal(spread))" }
    return start
      + "Over \(Wording.count(steady.cells, "cell")) the best rate spreads by \(power(steady.rateSpread)) (one "
      + "standard deviation) and the effective rate there, the mean displacement of the main role along the "
      + "run, by \(power(steady.effectiveSpread)). Within cells the effective rate changes as the power "
      + "\(Wording.decimal(steady.elasticity)) of the rate, so that is \(power(steady.adjustedSpread)) in units "
      + "of the rate: log ratio \(Wording.decimal(steady.logRatio)) ± \(Wording.decimal(steady.logRatioError))."
  }
}
