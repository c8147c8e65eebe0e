import RealModule
import Runs
import ScalingLaws

extension Report {
  /// The largest cells as measured and as predicted without them; `nil` where there was no test.
  var holdOutFigure: Figure? {
    law.holdOut.map { holdOut in
      Figure(
        id: "hold-out", title: "The test: predicting the largest runs without them",
        caption: holdOutCaption(holdOut), legend: holdOutLegend(holdOut), arrangement: .single,
        plots: [
          Figure.Plot(
            id: "hold-out-cells", alt: holdOutAlternative(holdOut), rows: holdOut.cells.count,
            description: holdOutPlot(holdOut))
        ], table: holdOutTable(holdOut))
    }
  }

  private func holdOutPlot(_ holdOut: HoldOut) -> PlotDescription {
    let cells = holdOut.cells
    // The first cell is at the top, and of its two marks the measured one.
    let rows = cells.indices.map { Double(cells.count - $0) }
    let ends =
      cells.flatMap {
        [$0.measured.lower, $0.measured.upper, $0.predicted.lower, $0.predicted.upper]
      } + [holdOut.constantRate]
    let rates = ClosedRange.logarithmic(around: ends, margin: 0.04)
    let measured = marks(
      cells.map(\.measured), rows.map { $0 + 0.16 }, "measured", .circle, 9, .data)
    let predicted = marks(
      cells.map(\.predicted), rows.map { $0 - 0.16 }, "predicted", .diamond, 10, .answer)
    var rowAxis = PlotLayout.Axis.linear(0.45...Double(cells.count) + 0.55, title: nil, ticks: 0)
    rowAxis.tickVals = rows.map(PlotNumber.init)
    rowAxis.tickText = cells.map {
      "\(Quantity.format($0.params)) on \(Quantity.format($0.tokens))<br>"
        + "cost \($0.penaltyPercent < 0.01 ? "under 0.01" : Wording.decimal($0.penaltyPercent, digits: 1)) %"
    }
    rowAxis.showGrid = false
    var layout = PlotLayout(
      xAxis: .logarithmic(rates, title: "Optimal learning rate", mostTicks: 6) {
        Wording.tick($0)
      },
      yAxis: rowAxis,
      shapes: [
        .vertical(
          holdOut.constantRate, ScatterTrace.Line(color: .muted, width: 1.5, dash: .dash))
      ])
    layout.margin.l = 96
    return PlotDescription(data: [measured, predicted], layout: layout)
  }

  private func marks(
    _ estimates: [Estimate], _ rows: [Double], _ what: String, _ symbol: ScatterTrace.Symbol,
    _ size: Double, _ color: PlotColor
  ) -> ScatterTrace {
    var trace = ScatterTrace.points(
      x: estimates.map(\.value), y: rows,
      words: estimates.map {
        "\(what) \(Quantity.learningRate($0.value)) (\(Wording.rates($0.lower, $0.upper)))"
      }, marker: ScatterTrace.Marker(symbol: symbol, size: size, color: .all(color)))
    trace.errorX = ScatterTrace.ErrorBar(
      estimates.map { ($0.value, $0.lower, $0.upper) }, color: color.opacity(0.75), thickness: 2)
    return trace
  }

  private func holdOutCaption(_ holdOut: HoldOut) -> String {
    holdOutSentence(holdOut) + " " + constantSentence(holdOut)
      + " Each row is a held-out cell, named by its parameters and tokens, with what the recommendation "
      + "would have cost there; both marks carry their \(Wording.share(cellConfidence)) interval."
  }

  private func holdOutAlternative(_ holdOut: HoldOut) -> String {
    "Measured and predicted optimal learning rates of \(Wording.count(holdOut.cells.count, "cell")) "
      + "left out of the fit: \(holdOut.coveredCount) of \(holdOut.cells.count) measured optima lie "
      + "inside the predicted interval, at a root mean square factor of "
      + "\(Wording.decimal(.exp(holdOut.lawError), digits: 3))."
  }

  private func holdOutLegend(_ holdOut: HoldOut) -> [LegendEntry] {
    [
      LegendEntry(mark: .dot, color: .data, label: "measured"),
      LegendEntry(mark: .diamond, color: .answer, label: "predicted without these runs"),
      LegendEntry(
        mark: .dashedRule, color: .muted,
        label: "rival: one rate for all, \(Quantity.learningRate(holdOut.constantRate))"),
    ]
  }

  private func holdOutTable(_ holdOut: HoldOut) -> DataTable {
    DataTable(
      caption: "Held-out cells: measured and predicted optimum, and what the prediction would cost",
      columns: [
        DataTable.Column("params", "Params"), DataTable.Column("tokens", "Tokens"),
        DataTable.Column("measured", "Measured"), DataTable.Column("measured_lower", "Lower end"),
        DataTable.Column("measured_upper", "Upper end"),
        DataTable.Column("predicted", "Predicted"),
        DataTable.Column("predicted_lower", "Lower end"),
        DataTable.Column("predicted_upper", "Upper end"),
        DataTable.Column("recommended", "Recommended"),
        DataTable.Column("penalty_percent", "Cost (% of loss)"),
        DataTable.Column("covered", "Inside the interval"),
      ],
      rows: holdOut.cells.map { cell in
        [
          .quantity(cell.params), .quantity(cell.tokens), .rate(cell.measured.value),
          .rate(cell.measured.lower), .rate(cell.measured.upper), .rate(cell.predicted.value),
          .rate(cell.predicted.lower), .rate(cell.predicted.upper), .rate(cell.recommended),
          .decimal(cell.penaltyPercent), .text(cell.isCovered ? "yes" : "no"),
        ]
      })
  }
}
