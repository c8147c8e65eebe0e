import RealModule
import Runs
import ScalingLaws

extension Report {
  /// The optimal rate against params and against tokens.
  var rateAgainstScale: Figure {
    let curves = [
      RateCurves(self, along: .params, colored: .tokens),
      RateCurves(self, along: .tokens, colored: .params),
    ]
    // One range of rates for both, so that they can be read across.
    let rates = ClosedRange.logarithmic(around: curves.flatMap(\.heights), margin: 0.03)
    return Figure(
      id: "rates", title: "The optimal learning rate against scale", caption: rateCaption,
      arrangement: .pair, plots: curves.map { ratePlot($0, rates: rates) }, table: cellsTable)
  }

  private var rateCaption: String {
    let confidence = Wording.share(recommendation.confidence)
    let exponents = [LawTerm.params, .tokens].compactMap { term -> String? in
      guard let symbol = term.symbol, let slope = answeringLaw.coefficient(of: term) else {
        return nil
      }
      let name = term == .params ? "parameters" : "tokens"
      let rises =
        abs(slope.value) < 0.005 ? "hardly changes" : slope.value > 0 ? "rises" : "falls"
      let sure = slope.excludesZero ? "" : ", an interval that includes 0"
      return "\(rises) with \(name) (exponent of \(symbol) \(Wording.exponent(slope.value)), "
        + "\(Wording.exponent(slope.lower)) to \(Wording.exponent(slope.upper))\(sure))"
    }
    let unknown = [
      (
        Set(locatedCells.map(\.params)).count < 2,
        "parameters: the usable cells have one model size"
      ),
      (Set(locatedCells.map(\.tokens)).count < 2, "tokens: the usable cells have one horizon"),
    ].filter(\.0).map { " The runs do not tell the slope along \($0.1), so it is a prior guess." }
    let batch =
      target.batchTokens != nil && law.rateAtBatch != nil
      ? " The bold line, its exponents and the target hold for the batch size asked for; the other "
        + "lines and the points hold for the best batch size." : ""
    return
      "By the law, \(answeringLaw.bends.isEmpty ? "" : "at the centre of the runs ")the optimal "
      + "learning rate \(Wording.list(exponents)). Points are the optima of "
      + "cells with their intervals, thin lines the law at their scales. The bold line is the law at "
      + "the target's value of the other axis, and the shaded band holds, with \(confidence) "
      + "confidence, what a sweep there would find." + unknown.joined() + batch
  }

  private func ratePlot(_ curves: RateCurves, rates: ClosedRange<Double>) -> Figure.Plot {
    let axis = curves.axis
    let places = curves.places
    var data: [ScatterTrace] = [
      .band(
        x: places, lower: curves.answers.map(\.lower), upper: curves.answers.map(\.upper),
        color: .answer.opacity(0.13))
    ]
    data += curves.lines.map { line in
      .curve(
        x: places, y: line.rates,
        line: ScatterTrace.Line(color: curves.scale.color(line.value), width: 1.25))
    }
    data.append(
      .curve(
        x: places, y: curves.answers.map(\.value),
        line: ScatterTrace.Line(color: .answer, width: 2.5)))
    data += locatedCells.compactMap { cell in
      cell.optimum.map {
        point(cell, $0, axis, curves.scale.color(cell.scale[keyPath: curves.other.value]))
      }
    }
    data.append(targetPoint(axis))
    return Figure.Plot(
      id: "rates-\(axis.id)", heading: "Against \(axis.title.lowercased())",
      legend: rateLegend(curves), alt: rateAlternative(axis),
      description: PlotDescription(
        data: data,
        layout: PlotLayout(
          xAxis: .logarithmic(curves.range, title: "\(axis.title) \(axis.symbol)", mostTicks: 6) {
            Quantity.format($0)
          },
          yAxis: .logarithmic(rates, title: "Optimal learning rate", mostTicks: 7) {
            Wording.tick($0)
          })))
  }
}
