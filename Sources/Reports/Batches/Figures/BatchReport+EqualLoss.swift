import RealModule
import Runs
import ScalingLaws

extension BatchReport {
  /// The tokens that equal losses take at each batch size, relative to the best batch of each loss.
  var equalLossFigure: Figure? {
    guard !analysis.losses.isEmpty, let stages = analysis.stages else { return nil }
    let scale = OrderedScale(analysis.losses.map(\.params))
    return Figure(
      id: "equal-loss", title: "What a batch size costs in tokens", caption: equalLossCaption,
      legend: OrderedScale.examples(of: analysis.losses.map(\.params), most: 3).map {
        LegendEntry(mark: .dot, color: scale.color($0), label: "N = \(Quantity.format($0))")
      } + [
        LegendEntry(mark: .line, color: .answer, label: "three stages"),
        LegendEntry(mark: .dashed, color: .ink, label: "McCandlish's relation"),
      ], arrangement: .single,
      plots: [
        Figure.Plot(
          id: "equal-loss-tokens",
          alt:
            "Tokens to a given loss over the fewest, against the batch over the best one, with both "
            + "fitted relations.",
          description: equalLossPlot(stages, scale))
      ], table: equalLossTable)
  }

  private var equalLossCaption: String {
    let crossing = analysis.losses.count(where: \.curvesCross)
    let relations = analysis.relations.map { relations in
      " Batches left out are foretold within a factor "
        + "\(Wording.decimal(.exp(relations.threeStages.error), digits: 3)) by the three stages, "
        + "\(Wording.decimal(.exp(relations.mcCandlish.error), digits: 3)) by McCandlish's relation."
    }
    return
      "Tokens to equal loss, over the fewest, against batch size over the best one; each point is a "
      + "batch size at one of \(Wording.count(analysis.losses.count, "loss", "losses")). "
      + (crossing > 0
        ? "At \(crossing) of them a smaller batch takes more tokens too, so curves of different batch "
          + "sizes cross, which McCandlish's relation excludes; it is drawn as fitted from the best batch on."
        : "No smaller batch takes surely more tokens.") + (relations ?? "")
  }

  private func equalLossPlot(
    _ stages: ThreeStageRelation, _ scale: OrderedScale
  ) -> PlotDescription {
    let points = analysis.losses.flatMap { loss in
      loss.batches.map { batch in
        (
          x: batch.batchTokens / loss.bestBatchTokens.value,
          y: batch.tokens / loss.fewestTokens.value, loss: loss, batch: batch
        )
      }
    }
    let range = ClosedRange.logarithmic(around: points.map(\.x), margin: 0.03)
    let places = OrderedScale.places(from: range.lowerBound, to: range.upperBound, count: 97)
    let top = (points.map(\.y).max() ?? 2) * 1.1
    let staged = places.map { ($0, stages.tokens(atBatch: $0)) }.filter { $0.1 <= top }
    var traces: [ScatterTrace] = [
      .curve(
        x: staged.map(\.0), y: staged.map(\.1), line: ScatterTrace.Line(color: .answer, width: 2.5))
    ]
    if let plain = middleRelation {
      let drawn = places.filter { $0 >= 1 }
      traces.append(
        .curve(
          x: drawn, y: drawn.map { plain.tokens * (1 + $0 / plain.batch) },
          line: ScatterTrace.Line(color: .ink, width: 1.5, dash: .dash)))
    }
    traces.append(
      .points(
        x: points.map(\.x), y: points.map(\.y),
        words: points.map {
          "\(Quantity.format($0.loss.params)) params, loss \(Wording.decimal($0.loss.loss, digits: 4))<br>"
            + "batch \(Quantity.format($0.batch.batchTokens)): \(Quantity.format($0.batch.tokens)) tokens"
        },
        marker: ScatterTrace.Marker(
          size: 6, color: .each(points.map { scale.color($0.loss.params) }), opacity: 0.8)))
    return PlotDescription(
      data: traces,
      layout: PlotLayout(
        xAxis: .logarithmic(range, title: "Batch over the best one", mostTicks: 7) {
          "\(Wording.decimal($0))×"
        },
        yAxis: .logarithmic(
          .logarithmic(around: [0.97, top], margin: 0.01), title: "Tokens over the fewest",
          mostTicks: 7
        ) { "\(Wording.decimal($0))×" }))
  }

  /// D_min and B_crit in units of the best batch and its tokens, of the loss in the middle.
  private var middleRelation: (batch: Double, tokens: Double)? {
    let ratios = analysis.losses.compactMap { loss in
      loss.criticalBatchTokens.map {
        (
          batch: $0.value / loss.bestBatchTokens.value,
          tokens: loss.leastTokens.value / loss.fewestTokens.value
        )
      }
    }.sorted { $0.batch < $1.batch }
    return ratios.isEmpty ? nil : ratios[ratios.count / 2]
  }

  private var equalLossTable: DataTable {
    DataTable(
      caption: "What each loss takes",
      columns: [
        DataTable.Column("params", "Params"), DataTable.Column("loss", "Loss"),
        DataTable.Column("fewest_tokens", "Fewest tokens"),
        DataTable.Column("best_batch_tokens", "Their batch"),
        DataTable.Column("critical_batch_tokens", "Critical batch"),
        DataTable.Column("critical_lower", "Lower end"),
        DataTable.Column("critical_upper", "Upper end"),
        DataTable.Column("smallest_batch_cost", "Smallest batch: tokens over the fewest"),
      ],
      rows: analysis.losses.map { loss in
        [
          .quantity(loss.params), .decimal(loss.loss, digits: 4),
          .quantity(loss.fewestTokens.value), .quantity(loss.bestBatchTokens.value),
          .quantity(loss.criticalBatchTokens?.value), .quantity(loss.criticalBatchTokens?.lower),
          .quantity(loss.criticalBatchTokens?.upper), .decimal(loss.smallestBatchCost.value),
        ]
      })
  }
}
