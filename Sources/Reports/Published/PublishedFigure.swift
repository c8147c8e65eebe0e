import RealModule
import Runs
import ScalingLaws

/// Published laws against tokens, beside a fitted law where there is one.
struct PublishedFigure {
  let comparison: PublishedComparison
  /// A fitted law along the places and at the target.
  var fitted: Fitted?

  struct Fitted {
    let places: [Double]
    let rates: [Estimate]
    let atTarget: Estimate
  }

  private var target: PublishedTarget { comparison.target }

  /// Two decades towards shorter runs, which can be swept, and one beyond the target.
  private var tokens: ClosedRange<Double> {
    let others = (fitted?.places ?? []) + comparison.anchors.map(\.tokens)
    return ([target.tokens / 100] + others).reduce(
      target.tokens, min)...([target.tokens * 10] + others).reduce(target.tokens, max)
  }

  var figure: Figure {
    let range = tokens
    let curves = PublishedCurves(comparison, in: range)
    let heights =
      curves.curves.flatMap(\.rates) + comparison.anchors.map(\.learningRate)
      + (fitted?.rates.flatMap { [$0.lower, $0.upper] } ?? [])
    var layout = PlotLayout(
      xAxis: .logarithmic(range, title: "Training tokens D", mostTicks: 6, label: Self.tokens),
      yAxis: .logarithmic(
        .logarithmic(around: heights, margin: 0.04), title: "Learning rate", mostTicks: 7
      ) { Wording.tick($0) })
    layout.shapes = [
      .vertical(target.tokens, ScatterTrace.Line(color: .ink, width: 1.25, dash: .dash))
    ]
    return Figure(
      id: "published", title: "What published laws say", caption: caption,
      legend: curves.legend + legend, arrangement: .single,
      plots: [
        Figure.Plot(
          id: "published-tokens", alt: alternative(curves),
          description: PlotDescription(
            data: curves.traces + fittedTraces + anchorTraces, layout: layout))
      ], table: table, remarks: fitted == nil ? [] : [Self.remark])
  }

  private static let remark =
    "Where they and the fitted law differ, believe the fitted law, as far as its runs reach: the others "
    + "are of other recipes. What each assumes is in the table, with why to doubt it."

  static func tokens(_ value: Double) -> String { Quantity.format(value) }

  private var fittedTraces: [ScatterTrace] {
    guard let fitted else { return [] }
    var point = ScatterTrace.points(
      x: [target.tokens], y: [fitted.atTarget.value],
      words: ["the fitted law: \(Quantity.learningRate(fitted.atTarget.value))"],
      marker: ScatterTrace.Marker(
        symbol: .diamond, size: 13, color: .all(.answer),
        line: ScatterTrace.Line(color: .paper, width: 1.5)))
    point.errorY = ScatterTrace.ErrorBar(
      [(fitted.atTarget.value, fitted.atTarget.lower, fitted.atTarget.upper)], color: .answer,
      thickness: 2)
    return [
      .band(
        x: fitted.places, lower: fitted.rates.map(\.lower), upper: fitted.rates.map(\.upper),
        color: .answer.opacity(0.13)),
      .curve(
        x: fitted.places, y: fitted.rates.map(\.value),
        line: ScatterTrace.Line(color: .answer, width: 3)),
      point,
    ]
  }

  private var anchorTraces: [ScatterTrace] {
    guard !comparison.anchors.isEmpty else { return [] }
    return [
      .points(
        x: comparison.anchors.map(\.tokens), y: comparison.anchors.map(\.learningRate),
        words: comparison.anchors.map {
          "anchor: \(Quantity.learningRate($0.learningRate)) at \(Quantity.format($0.params)) params on "
            + "\(Quantity.format($0.tokens)) tokens"
        }, marker: ScatterTrace.Marker(size: 10, color: .all(.ink)))
    ]
  }

  private var legend: [LegendEntry] {
    var entries = [
      LegendEntry(mark: .dashed, color: .muted, label: "dashed: beyond its range, or none stated"),
      LegendEntry(mark: .dashedRule, color: .ink, label: "target"),
    ]
    if fitted != nil {
      entries.append(
        LegendEntry(mark: .line, color: .answer, label: "the law fitted to these runs"))
      entries.append(LegendEntry(mark: .diamond, color: .answer, label: "its answer"))
    }
    if !comparison.anchors.isEmpty {
      entries.append(LegendEntry(mark: .dot, color: .ink, label: "anchor"))
    }
    return entries
  }

  private var caption: String {
    let spread =
      (comparison.anchored ?? comparison.all).map {
        "At the target they span \(Wording.rates($0.lower, $0.upper)), a factor "
          + "\(PublishedComparison.factor($0.ratio))."
      } ?? "None gives a rate at the target."
    let how =
      comparison.anchors.isEmpty
      ? "as published"
      : "each with its scale fitted to the anchor\(comparison.anchors.count == 1 ? "" : "s")"
    return
      "Peak learning rates for \(target.optimizer.words) by published laws, \(how), for the target's model on "
      + "other numbers of tokens. Lines are solid inside the range that a law's source states. \(spread) "
      + (fitted == nil ? "" : "The bold line is the law fitted to these runs, with its interval.")
  }

  private func alternative(_ curves: PublishedCurves) -> String {
    let values = curves.curves.map { "\($0.name) \(Quantity.learningRate($0.rate))" }
    let own = fitted.map { "; the fitted law \(Quantity.learningRate($0.atTarget.value))" } ?? ""
    return
      "Learning rate against training tokens by published laws, both logarithmic. At the target of "
      + "\(Quantity.format(target.tokens)) tokens: \(values.joined(separator: ", "))\(own)."
  }

  private var table: DataTable {
    DataTable(
      caption: "Published laws at the target",
      columns: [
        DataTable.Column("law", "Law"), DataTable.Column("learning_rate", "Learning rate"),
        DataTable.Column("anchored_learning_rate", "Through the anchors"),
        DataTable.Column("law_batch", "Its batch (tokens)"), DataTable.Column("status", "Range"),
        DataTable.Column("optimizer", "Optimizer"), DataTable.Column("model_class", "Model"),
        DataTable.Column("params", "N counts"), DataTable.Column("needs", "Needs"),
        DataTable.Column("source", "Source"),
        DataTable.Column("verification", "Numbers"),
        DataTable.Column("notes", "Why to doubt it"),
      ],
      rows: comparison.answers.map { answer in
        [
          .text(answer.law.name), .rate(answer.learningRate), .rate(answer.anchored?.value),
          .quantity(answer.batchTokens), .text(answer.status.rawValue),
          .text(answer.law.optimizer.words), .text(answer.law.modelClass.rawValue),
          .text(answer.law.params.rawValue), .text(answer.needs.joined(separator: "; ")),
          .text(answer.law.source.words), .text(answer.law.verification.rawValue),
          .text(answer.notes.map { Wording.sentence($0.message) }.joined(separator: " ")),
        ]
      })
  }
}
