import RealModule
import Runs
import ScalingLaws
import Studies

extension StudyReport {
  /// How far each variant is from the best one, against compute; `nil` where there is one variant, or
  /// nothing to compare yet.
  var rivalFigure: Figure? {
    guard let rivals = findings.rivals, !rivals.cells.isEmpty else { return nil }
    return Figure(
      id: "rivals", title: "Which variant has the least loss, and where",
      caption:
        "Loss of each variant at its own best learning rate, in percent over the best variant of the "
        + "same scale, against compute (6 times params times tokens). "
        + rivals.sentences.map(Wording.sentence).joined(separator: " "),
      legend: rivals.rivals.map {
        LegendEntry(
          mark: .dot, color: rivals.color($0.variant), label: "\($0.variant): \($0.title)")
      }, arrangement: .single,
      plots: [
        Figure.Plot(
          id: "rivals-differences",
          alt: "Differences of loss between \(Wording.count(rivals.rivals.count, "variant")) at "
            + "\(Wording.count(rivals.cells.count, "scale")). "
            + Wording.sentence(rivals.sentences.first ?? ""),
          description: rivals.plot)
      ], table: rivals.table)
  }

  /// What the comparison is, for readers of the page.
  var rivalSection: Page.Section? {
    guard let rivals = findings.rivals else { return nil }
    let items = rivals.rivals.map { rival -> HTML in
      "<li value=\"\(rival.variant)\">\(rival.title)</li>\n"
    }
    return Page.Section(
      id: "variants", title: "The variants",
      body: """
        <ol>
        \(items)</ol>
        <p>Each is judged at its own best learning rate among those it was trained at, as rates of different \
        rules mean different things; there is no law for all of them. \
        <code>vernier report \(findings.name) --where variant=1</code> shows the law of one.</p>
        <p>A difference is over runs of one seed, which see the same data and are measured on the same text. LR \
        sensitivity is the mean over the rates tried of min(loss, first loss), less the least: what not \
        knowing the rate costs. It compares variants whose rates are evenly spaced and span the same ratio.</p>
        """)
  }
}

extension RivalComparison {
  /// Who wins, for a heading; `nil` before anybody has.
  var winnerWords: (lead: String, title: String)? {
    let won = cells.compactMap(\.best)
    guard let last = won.last else { return nil }
    let count = won.count { $0 == last }
    let lead =
      count == won.count
      ? "The least loss at every scale:"
      : "The least loss at the largest scale, and at \(count) of \(won.count):"
    return (lead, title(last))
  }

  fileprivate func color(_ variant: Int) -> PlotColor {
    let place = rivals.firstIndex { $0.variant == variant } ?? 0
    return .scale(rivals.count > 1 ? Double(place) / Double(rivals.count - 1) : 0.5)
  }

  fileprivate var plot: PlotDescription {
    let traces = rivals.map { rival -> ScatterTrace in
      let points = cells.compactMap { cell -> (x: Double, standing: Standing)? in
        guard let standing = cell.standings.first(where: { $0.variant == rival.variant }),
          standing.differencePercent != nil
        else { return nil }
        return (6 * cell.params * cell.tokens, standing)
      }
      var trace = ScatterTrace.points(
        x: points.map(\.x), y: points.map { $0.standing.differencePercent ?? 0 },
        words: points.map { _, standing in
          "\(rival.title): \(Wording.measured(standing.differencePercent ?? 0, standing.differenceError)) %"
            + (standing.learningRate.map { " at \(Quantity.learningRate($0, digits: 3))" } ?? "")
        }, marker: ScatterTrace.Marker(size: 10, color: .all(color(rival.variant))))
      trace.errorY = ScatterTrace.ErrorBar(
        points.map { _, standing in
          let (value, error) = (standing.differencePercent ?? 0, standing.differenceError ?? 0)
          return (value, value - error, value + error)
        }, color: color(rival.variant).opacity(0.75), thickness: 2)
      return trace
    }
    let shown = cells.flatMap(\.standings).compactMap { standing in
      standing.differencePercent.map { $0 + (standing.differenceError ?? 0) }
    }
    let top = max(shown.max() ?? 1, 0.01)
    return PlotDescription(
      data: traces,
      layout: PlotLayout(
        xAxis: .logarithmic(
          .logarithmic(around: cells.map { 6 * $0.params * $0.tokens }, margin: 0.06),
          title: "Compute (floating-point operations)", mostTicks: 6
        ) { Wording.tick($0) },
        yAxis: .linear(
          -0.08 * top...1.08 * top, title: "Loss over the best variant's (%)", mostTicks: 6
        ) { Wording.decimal($0) }))
  }

  fileprivate var table: DataTable {
    DataTable(
      caption: "Each variant at its best learning rate, by scale",
      columns: [
        DataTable.Column("params", "Params"), DataTable.Column("tokens", "Tokens"),
        DataTable.Column("batch_tokens", "Batch (tokens)"), DataTable.Column("variant", "Variant"),
        DataTable.Column("title", "Optimizer and schedule"),
        DataTable.Column("learning_rate", "Best rate"), DataTable.Column("loss", "Loss"),
        DataTable.Column("loss_standard_error", "Standard error"),
        DataTable.Column("difference_percent", "Behind the best (%)"),
        DataTable.Column("difference_error", "Standard error"),
        DataTable.Column("sensitivity", "LR sensitivity"), DataTable.Column("remark", "Remark"),
      ],
      rows: cells.flatMap { cell in
        cell.standings.map { standing in
          [
            .quantity(cell.params), .quantity(cell.tokens), .quantity(cell.batchTokens),
            .count(standing.variant), .text(title(standing.variant)),
            .rate(standing.learningRate), .decimal(standing.loss, digits: 5),
            .decimal(standing.standardError), .decimal(standing.differencePercent),
            .decimal(standing.differenceError), .decimal(standing.sensitivity?.value),
            .text(
              cell.best == standing.variant
                ? [cell.isSure ? "best, surely" : "best", standing.remark].filter { !$0.isEmpty }
                  .joined(separator: ", ") : standing.remark),
          ]
        }
      })
  }
}
