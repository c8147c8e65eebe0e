import RealModule
import Runs
import ScalingLaws

extension BatchReport {
  /// The best learning rate against batch size over the best batch, relative to the rate there.
  var couplingFigure: Figure? {
    guard let coupling = analysis.coupling, !coupling.points.isEmpty else { return nil }
    let scale = OrderedScale(coupling.points.map(\.params))
    return Figure(
      id: "coupling", title: "How the best learning rate moves with batch size",
      caption: caption(coupling),
      legend: OrderedScale.examples(of: coupling.points.map(\.params), most: 3).map {
        LegendEntry(mark: .dot, color: scale.color($0), label: "N = \(Quantity.format($0))")
      } + [
        LegendEntry(mark: .line, color: .answer, label: "measured, below and above the best batch"),
        LegendEntry(mark: .dashed, color: .ink, label: "square root"),
      ], arrangement: .single,
      plots: [
        Figure.Plot(
          id: "coupling-rates",
          alt:
            "Best learning rate over that at the best batch, against the batch over the best one.",
          description: plot(coupling, scale))
      ], table: table(coupling))
  }

  private func caption(_ coupling: RateCoupling) -> String {
    func words(_ name: String, _ slope: RateCoupling.Slope?) -> String? {
      slope.map {
        "\(name) \(Wording.exponent($0.exponent.value)) (\(Wording.exponent($0.exponent.lower)) to "
          + "\(Wording.exponent($0.exponent.upper)); \($0.verdict))"
      }
    }
    let parts = [
      words("all batches", coupling.all), words("up to the best one", coupling.belowBest),
      words("from it on", coupling.aboveBest),
    ].compactMap(\.self)
    return "At fixed size and tokens the best learning rate goes as batch size to the power: "
      + "\(parts.joined(separator: ", ")).\(surge(coupling)) Batches whose best rate is at an end of those tried "
      + "are left out."
  }

  /// What is seen of the fall that the surge rule foretells.
  private func surge(_ coupling: RateCoupling) -> String {
    guard coupling.farAboveBest != nil else { return "" }
    switch coupling.fallsFarAbove {
    case true?: return " From twice the best batch on the rate falls, as the surge rule foretells."
    case false?:
      return " From twice the best batch on the rate does not fall, which the surge rule foretells."
    case nil:
      return
        " Whether the rate falls from twice the best batch on, as the surge rule foretells, cannot be "
        + "told."
    }
  }

  private func plot(_ coupling: RateCoupling, _ scale: OrderedScale) -> PlotDescription {
    let points = coupling.points
    let range = ClosedRange.logarithmic(around: points.map(\.batchOverBest), margin: 0.03)
    let rates = ClosedRange.logarithmic(around: points.map(\.rateOverBest), margin: 0.05)
    func branch(_ slope: RateCoupling.Slope?, _ from: Double, _ to: Double) -> [ScatterTrace] {
      guard let slope else { return [] }
      return [
        .curve(
          x: [from, to], y: [from, to].map { .pow($0, slope.exponent.value) },
          line: ScatterTrace.Line(color: .answer, width: 2.5))
      ]
    }
    let ends = [range.lowerBound, range.upperBound]
    return PlotDescription(
      data: branch(coupling.belowBest, range.lowerBound, 1)
        + branch(coupling.aboveBest, 1, range.upperBound) + [
          .curve(
            x: ends, y: ends.map { $0.squareRoot() },
            line: ScatterTrace.Line(color: .ink, width: 1.25, dash: .dash)),
          .points(
            x: points.map(\.batchOverBest), y: points.map(\.rateOverBest),
            words: points.map {
              "\(Quantity.format($0.params)) params, \(Quantity.format($0.tokens)) tokens<br>batch "
                + "\(Quantity.format($0.batchTokens)): \(Quantity.learningRate($0.learningRate))"
            },
            marker: ScatterTrace.Marker(
              size: 6, color: .each(points.map { scale.color($0.params) }), opacity: 0.8)),
        ],
      layout: PlotLayout(
        xAxis: .logarithmic(range, title: "Batch over the best one", mostTicks: 7) {
          "\(Wording.decimal($0))×"
        },
        yAxis: .logarithmic(rates, title: "Rate over that at the best batch", mostTicks: 6) {
          "\(Wording.decimal($0))×"
        }))
  }

  private func table(_ coupling: RateCoupling) -> DataTable {
    let parts: [(String, RateCoupling.Slope?)] = [
      ("all batches", coupling.all), ("up to the best", coupling.belowBest),
      ("from the best on", coupling.aboveBest), ("from twice the best on", coupling.farAboveBest),
    ]
    return DataTable(
      caption: "Exponents of the learning rate in batch size",
      columns: [
        DataTable.Column("batches", "Batches"), DataTable.Column("exponent", "Exponent"),
        DataTable.Column("lower", "Lower end"), DataTable.Column("upper", "Upper end"),
        DataTable.Column("slices", "Slices"), DataTable.Column("verdict", "Verdict"),
      ],
      rows: parts.compactMap { name, slope in
        slope.map {
          [
            .text(name), .decimal($0.exponent.value), .decimal($0.exponent.lower),
            .decimal($0.exponent.upper), .count($0.slices), .text($0.verdict),
          ]
        }
      })
  }
}
