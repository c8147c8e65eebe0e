import RealModule
import Runs
import ScalingLaws

extension Report {
  /// Loss against learning rate, a panel for each cell.
  var basinPanels: Figure {
    let batches = law.cells.flatMap(\.slices).compactMap(\.batchTokens)
    let scale = Set(batches).count > 1 ? OrderedScale(batches) : nil
    let cells = law.cells.sorted { ($0.params, $0.tokens) < ($1.params, $1.tokens) }
    let rates = ClosedRange.logarithmic(
      around: [law.ranges.learningRate.lower, law.ranges.learningRate.upper], margin: 0.07)
    let plots = cells.enumerated().map { index, cell in
      BasinPanel(
        cell: cell, shape: law.basin.shape, rates: rates, zoom: basinZoom, batches: scale
      ).plot(id: "basins-\(index + 1)")
    }
    return Figure(
      id: "basins", title: "Loss against learning rate", caption: basinCaption,
      legend: basinLegend(batches, scale), arrangement: .grid, plots: plots,
      table: runsTable(cells))
  }

  /// How far up the panels reach, as a relative rise: most runs, yet a basin that fills the panel.
  private var basinZoom: Double {
    let rises = law.cells.flatMap { cell -> [Double] in
      let least = cell.slices.map(\.leastLoss).min() ?? 1
      return cell.slices.flatMap { slice in
        zip(slice.losses, slice.diverged).compactMap { loss, diverged in
          diverged ? nil : loss.map { $0 / least - 1 }
        }
      }
    }.sorted()
    guard !rises.isEmpty else { return 0.05 }
    return min(max(rises[rises.count * 3 / 4], 0.01), 0.08)
  }

  private var basinCaption: String {
    let located = locatedCells.count
    let total = law.cells.count
    let found =
      located == total
      ? (total == 1
        ? "The optimum lies between learning rates that were tried."
        : "In all \(total) cells the optimum lies between learning rates that were tried.")
      : "In \(located) of \(Wording.count(total, "cell")) the optimum lies between learning rates "
        + "that were tried\(unlocatedUse.map { "; \($0)" } ?? "")."
    let isSplit = locatedCells.contains { cell in
      cell.slices.min { $0.leastLoss < $1.leastLoss }?.status == .edge
    }
    return found
      + (isSplit
        ? " Where the batch size with the very least loss has it at an end of its rates, others that do "
          + "about as well locate the optimum." : "")
      + " Each panel is one cell: a model size and a number of training tokens. It shows final loss "
      + "over peak learning rate (logarithmic; the same range in all panels), from each cell's least "
      + "loss up to \(Wording.decimal(100 * basinZoom))\u{A0}% above it. The words over a panel give "
      + "its optimum and, in brackets, the \(Wording.share(cellConfidence)) interval."
      + (law.batch == nil
        ? ""
        : " Bold is the batch size nearest the best one; the optimum weighs all batch sizes that do "
          + "about as well, so it may stand beside the bold basin's lowest point.")
  }

  /// The share of the intervals of single cells, which is that of the fit.
  var cellConfidence: Double {
    law.cells.compactMap(\.optimum).first?.confidence ?? recommendation.confidence
  }

  private func basinLegend(_ batches: [Double], _ scale: OrderedScale?) -> [LegendEntry] {
    let title = LegendEntry(mark: .none, color: .muted, label: "Batch size (tokens):")
    var legend: [LegendEntry] =
      scale.map { scale in
        [title]
          + OrderedScale.examples(of: batches, most: 10).map {
            LegendEntry(mark: .dot, color: scale.color($0), label: Quantity.format($0))
          }
      } ?? [LegendEntry(mark: .dot, color: .data, label: "run")]
    if law.batch != nil {
      legend.append(LegendEntry(mark: .line, color: .ink, label: "bold: best batch size"))
    } else {
      legend.append(LegendEntry(mark: .line, color: .data, label: "fitted basin"))
    }
    if law.cells.flatMap(\.slices).contains(where: { $0.status == .edge }) {
      legend.append(LegendEntry(mark: .dashed, color: .muted, label: "basin not bracketed"))
    }
    legend.append(
      LegendEntry(
        mark: .band, color: .answer,
        label: "optimum and its \(Wording.share(cellConfidence)) interval"))
    if law.source.predictedRuns > 0 {
      legend.append(
        LegendEntry(mark: .hollow, color: .data, label: "predicted from other horizons"))
    }
    legend.append(
      LegendEntry(
        mark: .triangle, color: .muted,
        label: law.batch == nil
          ? "loss above the panel" : "loss above the panel (best batch size only)"))
    if law.source.divergedRuns > 0 {
      legend.append(LegendEntry(mark: .cross, color: .muted, label: "diverged"))
    }
    return legend
  }

  private func runsTable(_ cells: [CellFit]) -> DataTable {
    let hasBatch = law.ranges.batchTokens != nil
    let rows = cells.flatMap { cell in
      cell.slices.flatMap { slice in
        slice.learningRates.indices.map { index -> [DataTable.Cell] in
          [.quantity(cell.params), .quantity(cell.tokens)]
            + (hasBatch ? [.quantity(slice.batchTokens)] : []) + [
              .rate(slice.learningRates[index]), .decimal(slice.losses[index], digits: 5),
              .text(
                slice.diverged[index]
                  ? "diverged" : slice.predicted[index] ? "predicted" : "finished"),
            ]
        }
      }
    }
    return DataTable(
      caption: "Runs: final loss at every learning rate tried",
      columns: [DataTable.Column("params", "Params"), DataTable.Column("tokens", "Tokens")]
        + (hasBatch ? [DataTable.Column("batch_tokens", "Batch (tokens)")] : []) + [
          DataTable.Column("learning_rate", "Learning rate"), DataTable.Column("loss", "Loss"),
          DataTable.Column("outcome", "Outcome"),
        ], rows: rows)
  }
}
