import RealModule
import Runs
import ScalingLaws

extension Report {
  /// What multiples of the recommended rate are expected to cost at the target.
  var penaltyFigure: Figure {
    let places = OrderedScale.places(from: 0.25, to: 4, count: 65)
    let penalties = places.map { penalty(at: $0) }
    let line = ScatterTrace.Line(color: .answer, width: 2.5)
    let optimum = prediction.optimum
    let recommended = recommendation.learningRate
    let top = max(
      (penalties.map(\.value).max() ?? 1) * 1.35, recommendation.expectedLossPenaltyPercent * 3)
    var layout = PlotLayout(
      xAxis: .logarithmic(0.24...4.2, title: "Multiple of the recommended rate", mostTicks: 5) {
        _ in ""
      },
      yAxis: .linear(0...top, title: "Loss above the least", ticks: 6, suffix: " %"))
    let ticks = [0.25, 0.5, 1.0, 2, 4]
    layout.xAxis.tickVals = ticks.map(PlotNumber.init)
    layout.xAxis.tickText = ticks.map { "\(Wording.decimal($0, digits: 3))×" }
    layout.shapes = [
      .strip(
        max(optimum.lower / recommended, 0.24), min(optimum.upper / recommended, 4.2),
        color: .ink.opacity(0.06)),
      .vertical(1, ScatterTrace.Line(color: .ink, width: 1.5)),
      .vertical(
        optimum.value / recommended, ScatterTrace.Line(color: .ink, width: 1.25, dash: .dash)),
    ]
    layout.margin.l = 62
    let points = ScatterTrace.points(
      x: places, y: penalties.map(\.value),
      words: zip(places, penalties).map { place, penalty in
        "\(Wording.decimal(place))× = LR \(Quantity.learningRate(place * recommended))<br>expected "
          + "\(Wording.percent(penalty.value)), up to \(Wording.percent(penalty.upper))"
      }, marker: ScatterTrace.Marker(size: 9, color: .all(.answer), opacity: 0))
    return Figure(
      id: "penalty", title: "What a wrong learning rate costs", caption: penaltyCaption,
      legend: penaltyLegend, arrangement: .single,
      plots: [
        Figure.Plot(
          id: "penalty-target", alt: penaltyAlternative,
          description: PlotDescription(
            data: [
              .band(
                x: places, lower: penalties.map(\.lower), upper: penalties.map(\.upper),
                color: .answer.opacity(0.14)),
              .curve(x: places, y: penalties.map(\.value), line: line), points,
            ], layout: layout))
      ], table: penaltyTable)
  }

  private func penalty(at multiple: Double) -> Estimate {
    prediction.penaltyPercent(at: multiple * recommendation.learningRate, basin: law.basin)
  }

  private var penaltyCaption: String {
    "At the target, the recommended rate is expected to end "
      + "\(Wording.percent(recommendation.expectedLossPenaltyPercent)) above the least loss, half of it "
      + "\(Wording.percent(penalty(at: 0.5).value)) and twice it "
      + "\(Wording.percent(penalty(at: 2).value)). The line is the mean over where the optimum may lie, "
      + "the band around it holds the cost with \(Wording.share(recommendation.confidence)) "
      + "confidence. A rise beyond about 10\u{A0}% counts as that much: such a run is lost in any case."
  }

  private var penaltyAlternative: String {
    "Expected loss above the least against multiples of the recommended learning rate: "
      + "\(Wording.percent(penalty(at: 0.25).value)) at a quarter, "
      + "\(Wording.percent(penalty(at: 1).value)) at the recommended rate, "
      + "\(Wording.percent(penalty(at: 4).value)) at four times."
  }

  private var penaltyLegend: [LegendEntry] {
    [
      LegendEntry(mark: .line, color: .answer, label: "expected cost"),
      LegendEntry(
        mark: .band, color: .answer,
        label: "\(Wording.share(recommendation.confidence)) interval of the cost"),
      LegendEntry(
        mark: .rule, color: .ink,
        label: "recommended, \(Quantity.learningRate(recommendation.learningRate))"),
      LegendEntry(
        mark: .dashedRule, color: .ink,
        label: "estimate of the optimum, \(Quantity.learningRate(prediction.optimum.value))"),
      LegendEntry(mark: .band, color: .ink, label: "interval of the optimum"),
    ]
  }

  private var penaltyTable: DataTable {
    let multiples = [0.25, 0.35, 0.5, 0.71, 0.84, 1, 1.19, 1.41, 2, 2.83, 4]
    return DataTable(
      caption: "Cost of learning rates at the target",
      columns: [
        DataTable.Column("multiple", "Multiple of the recommended rate"),
        DataTable.Column("learning_rate", "Learning rate"),
        DataTable.Column("expected_penalty_percent", "Expected cost (% of loss)"),
        DataTable.Column("lower_percent", "Lower end (%)"),
        DataTable.Column("upper_percent", "Upper end (%)"),
      ],
      rows: multiples.map { multiple in
        let penalty = penalty(at: multiple)
        return [
          .decimal(multiple), .rate(multiple * recommendation.learningRate),
          .decimal(penalty.value), .decimal(penalty.lower), .decimal(penalty.upper),
        ]
      })
  }
}
