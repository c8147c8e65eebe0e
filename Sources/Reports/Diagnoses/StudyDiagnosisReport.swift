import Runs
package import Studies

/// The diagnosis of a study, ready to be shown.
package struct StudyDiagnosisReport: Sendable {
  package let diagnosis: StudyDiagnosis
  /// The program and version that made the report.
  package let program: String

  package init(_ diagnosis: StudyDiagnosis, program: String) {
    self.diagnosis = diagnosis
    self.program = program
  }

  /// In the order of the page.
  package var figures: [Figure] {
    [stabilityFigure, sensitivityFigure, decaySumFigure, optimumRateFigure].compactMap(\.self)
  }

  /// The diagnosis as one file that needs nothing else; without plotly.js it has tables only.
  package func page(plotly: String?) throws -> String {
    try Page(
      title: "Diagnosis of \(diagnosis.name): \(headline)", head: head, headName: "To what is seen",
      remarks: [HTML.findings(diagnosis.findings)].compactMap(\.self), figures: figures,
      sections: [tallySection, runSection].compactMap(\.self), program: program
    ).text(plotly: plotly)
  }

  private var headline: String { Finding.headline(diagnosis.findings) }

  private var head: HTML {
    """
    <p class="kicker">Diagnosis of a study</p>
    <h1>\(Wording.count(diagnosis.runs.count, "run")) of \(diagnosis.name) in \
    \(Wording.count(diagnosis.cells.count, "cell")): <strong>\(headline)</strong></h1>
    """
  }

  private var tallySection: Page.Section? {
    guard !diagnosis.tallies.isEmpty else { return nil }
    let table = DataTable(
      caption: "What was found in runs",
      columns: [
        .init("severity", "Severity"), .init("kind", "Finding"), .init("runs", "Runs"),
        .init("example", "For example"), .init("seen", "What is seen there"),
      ],
      rows: diagnosis.tallies.map {
        [
          .text($0.severity.rawValue), .text($0.kind.rawValue), .count($0.runs),
          .text($0.example), .text($0.seen),
        ]
      })
    return Page.Section(
      id: "tallies", title: "What was found in runs",
      body: table.disclosure(
        id: "tallies", isOpen: true, summary: "Findings of the runs’ own diagnoses"))
  }

  private var runSection: Page.Section {
    let table = DataTable(
      caption: "Every run",
      columns: [
        .init("run", "Run"), .init("params", "Params"), .init("tokens", "Tokens"),
        .init("batch_tokens", "Batch"), .init("variant", "Optimizer and schedule"),
        .init("learning_rate", "Learning rate"), .init("loss", "Loss"),
        .init("diverged", "Diverged"), .init("spikes", "Spikes"),
        .init("two_eta_lambda_steps", "2ηλS"), .init("displacement", "Displacement"),
        .init("rate_over_norm", "Rate over norm"),
      ],
      rows: diagnosis.runs.map {
        [
          .text($0.id), .quantity($0.cell.params), .quantity($0.cell.tokens),
          .quantity($0.cell.batchTokens), .text($0.cell.variant), .rate($0.learningRate),
          .decimal($0.loss, digits: 5), .text($0.hasDiverged ? "yes" : "no"), .count($0.spikes),
          .decimal($0.decaySum), .rate($0.displacement), .rate($0.rateOverNorm),
        ]
      })
    return Page.Section(
      id: "runs", title: "Runs",
      body: table.disclosure(id: "runs", isOpen: false, summary: "Every run"))
  }
}

extension StudyDiagnosisReport {
  /// A colour for each model size.
  var sizes: OrderedScale { OrderedScale(diagnosis.cells.map(\.place.params)) }

  var sizeLegend: [LegendEntry] {
    OrderedScale.examples(of: diagnosis.cells.map(\.place.params), most: 5).map {
      LegendEntry(mark: .dot, color: sizes.color($0), label: "\(Quantity.format($0)) params")
    }
  }

  /// Columns that say which cell a row is of.
  static let placeColumns: [DataTable.Column] = [
    .init("params", "Params"), .init("tokens", "Tokens"), .init("batch_tokens", "Batch"),
    .init("variant", "Optimizer and schedule"),
  ]

  static func placeCells(_ place: CellPlace) -> [DataTable.Cell] {
    [
      .quantity(place.params), .quantity(place.tokens), .quantity(place.batchTokens),
      .text(place.variant),
    ]
  }

  /// A value of some cells.
  typealias Values = [(cell: CellDiagnosis, value: Double)]

  /// A value of each cell against its horizon, a colour for each size and a plot for each variant, with
  /// a dashed line at a level and other values marked beside it.
  func plots(
    _ id: String, title: String, level: Double? = nil, _ values: Values,
    others: [(symbol: ScatterTrace.Symbol, values: Values)] = [],
    label: @escaping (Double) -> String
  ) -> [Figure.Plot] {
    let shown = values.filter { $0.value > 0 }
    guard !shown.isEmpty else { return [] }
    let tokens = ClosedRange.logarithmic(around: shown.map(\.cell.place.tokens), margin: 0.05)
    let heights = ClosedRange.logarithmic(
      around: shown.map(\.value) + others.flatMap { $0.values.map(\.value) }
        + [level].compactMap(\.self),
      margin: 0.05)
    let variants = Set(shown.map(\.cell.place.variant)).sorted()
    return variants.enumerated().map { place, variant in
      let points = shown.filter { $0.cell.place.variant == variant }
      var layout = PlotLayout(
        xAxis: .logarithmic(tokens, title: "Horizon (tokens)", mostTicks: 5) {
          Quantity.format($0)
        },
        yAxis: .logarithmic(heights, title: title, mostTicks: 6, label: label),
        shapes: level.map {
          [.horizontal($0, .init(color: .muted, width: 1.5, dash: .dash))]
        } ?? [])
      layout.margin.l = 64
      return Figure.Plot(
        id: "\(id)-\(place)", heading: variants.count > 1 ? variant : nil,
        alt: "\(title) of \(Wording.count(points.count, "cell")) against the horizon, from "
          + "\(label(points.map(\.value).min() ?? 0)) to \(label(points.map(\.value).max() ?? 0)).",
        description: PlotDescription(
          data: [marks(points, .circle, label)]
            + others.map { symbol, values in
              marks(values.filter { $0.cell.place.variant == variant }, symbol, label)
            }, layout: layout))
    }
  }

  private func marks(
    _ points: Values, _ symbol: ScatterTrace.Symbol, _ label: (Double) -> String
  ) -> ScatterTrace {
    .points(
      x: points.map(\.cell.place.tokens), y: points.map(\.value),
      words: points.map { "\($0.cell.place.words(withVariant: false))<br>\(label($0.value))" },
      marker: ScatterTrace.Marker(
        symbol: symbol, size: 8, color: .each(points.map { sizes.color($0.cell.place.params) })))
  }
}
