import RealModule
import Runs
import ScalingLaws

extension Report {
  /// How far each form of law missed larger cells; `nil` where none had to predict any.
  var formFigure: Figure? {
    guard law.forms.predictedCells > 0 else { return nil }
    return Figure(
      id: Self.formsID, title: Self.formsTitle, caption: formCaption, legend: formLegend,
      arrangement: .single,
      plots: [
        Figure.Plot(
          id: "forms-misses", alt: formAlternative, rows: law.forms.trials.count,
          description: formPlot)
      ], table: formTable, remarks: formRemarks)
  }

  /// The forms where none had to predict, so that there is nothing to draw.
  var formSection: Page.Section? {
    guard law.forms.predictedCells == 0 else { return nil }
    return Page.Section(
      id: Self.formsID, title: Self.formsTitle,
      body: """
        \(formRemarks.map { "<p>\($0)</p>\n" as HTML })\
        \(formTable.disclosure(id: Self.formsID, isOpen: false, summary: "Table of the forms"))
        """)
  }

  static let formsID = "forms"
  private static let formsTitle = "How the form was chosen"

  /// The forms that leave nothing out, then the null models, each kind by how much it counts.
  private var formsInOrder: [FormTrial] {
    let trials = law.forms.trials.sorted { $0.share > $1.share }
    return trials.filter { !$0.form.isNull } + trials.filter(\.form.isNull)
  }

  private var formPlot: PlotDescription {
    let trials = formsInOrder
    // The first form is at the top.
    let rows = trials.indices.map { Double(trials.count - $0) }
    let predicted = zip(trials, rows).compactMap { trial, row in
      trial.error.map { (trial: trial, row: row, factor: Double.exp($0)) }
    }
    let greatest = predicted.map(\.factor).max() ?? 1
    let top = 1 + 1.08 * max(greatest - 1, 0.01)
    func marks(isNull: Bool) -> [ScatterTrace] {
      let color: PlotColor = isNull ? .muted : .data
      let chosen = predicted.filter { $0.trial.form.isNull == isNull }
      let stems = chosen.map {
        ScatterTrace.curve(
          x: [1, $0.factor], y: [$0.row, $0.row],
          line: ScatterTrace.Line(color: color.opacity(0.5), width: 2))
      }
      let dots = ScatterTrace.points(
        x: chosen.map(\.factor), y: chosen.map(\.row),
        words: chosen.map {
          "\($0.trial.form.name)<br>missed by a factor \(Self.factor($0.trial.error)), counts "
            + Self.counting($0.trial.share)
        },
        marker: ScatterTrace.Marker(
          size: 11, color: .all(isNull ? .paper : color),
          line: ScatterTrace.Line(color: isNull ? color : .paper, width: isNull ? 2 : 0.75)))
      return stems + [dots]
    }
    var rowAxis = PlotLayout.Axis.linear(0.45...Double(trials.count) + 0.55, title: nil, ticks: 0)
    rowAxis.tickVals = rows.map(PlotNumber.init)
    rowAxis.tickText = trials.map {
      "\($0.form.name.replacing(", ", with: ",<br>"))<br>counts \(Self.counting($0.share))"
    }
    rowAxis.showGrid = false
    var layout = PlotLayout(
      xAxis: .linear(
        1...top, title: "Missed by a factor of", mostTicks: 6
      ) { "\(Wording.decimal($0, digits: 3))×" }, yAxis: rowAxis)
    layout.margin.l = 130
    return PlotDescription(data: marks(isNull: true) + marks(isNull: false), layout: layout)
  }

  private var formLegend: [LegendEntry] {
    [
      LegendEntry(mark: .dot, color: .data, label: "has both params and tokens"),
      LegendEntry(mark: .hollow, color: .muted, label: "null model: leaves one out, or ties them"),
    ]
  }

  private var formCaption: String {
    let forms = law.forms
    return "Each form of law was fitted to the smaller of these cells and had to predict the next "
      + "larger ones, \(Wording.count(forms.origins, "time")) with ever more cells, which makes "
      + "\(Wording.count(forms.predictedCells, "cell")) predicted. A dot is the factor by which it "
      + "missed their measured optima (root mean square); under its name is what it counts in the law: "
      + "its share before any run was seen, times the density that its predictions gave to what was "
      + "measured. So a sure miss counts against a form more than an unsure one."
  }

  private var formAlternative: String {
    let misses = formsInOrder.compactMap { trial -> String? in
      guard trial.error != nil else { return nil }
      return "\(trial.form.name)\(trial.form.isNull ? " (null model)" : "") "
        + "\(Self.factor(trial.error)), counting \(Self.counting(trial.share))"
    }
    return "Factors by which forms of law missed larger cells predicted from smaller ones: "
      + misses.joined(separator: "; ") + "."
  }

  private var formTable: DataTable {
    DataTable(
      caption: "Forms of the law: what each counts, and how far it missed larger cells",
      columns: [
        DataTable.Column("form", "Form"), DataTable.Column("kind", "Kind"),
        DataTable.Column("prior_share_percent", "Share before any run (%)"),
        DataTable.Column("share_percent", "Share in the law (%)"),
        DataTable.Column("miss_factor", "Missed by a factor"),
        DataTable.Column("penalty_percent", "Cost (% of loss)"),
      ],
      rows: formsInOrder.map { trial in
        [
          .text(trial.form.name), .text(trial.form.isNull ? "null model" : "full"),
          .decimal(100 * trial.form.priorShare), .decimal(100 * trial.share, digits: 3),
          .decimal(trial.error.map { .exp($0) }),
          .decimal(trial.penaltyPercent),
        ]
      })
  }

  /// A miss as a factor, from the log of it.
  static func factor(_ error: Double?) -> String {
    error.map { Wording.decimal(.exp($0), digits: 3) } ?? "–"
  }

  /// A share of the law; what hardly counts is said to.
  static func counting(_ share: Double) -> String {
    share < 0.01 ? "under 1\u{A0}%" : Wording.share((100 * share).rounded() / 100)
  }
}
