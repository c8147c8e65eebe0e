/// One figure of a report, independent of the page that shows it.
package struct Figure: Sendable {
  /// One plot of a figure; small multiples have many.
  package struct Plot: Sendable {
    package var id: String
    /// What tells the plot from its neighbours, where there are any.
    package var heading: String?
    /// What the plot says of its own, under the heading.
    package var note: String?
    /// What its marks mean, where that differs between the figure's plots.
    package var legend: [LegendEntry] = []
    /// The plot's message in a sentence, for those who do not see it.
    package var alt: String
    /// The number of rows of a plot whose height should grow with them.
    package var rows: Int?
    package var description: PlotDescription
  }

  package enum Arrangement: String, Sendable {
    case single, pair, grid
    /// Small multiples of curves, which need more room than points.
    case panels
  }

  package var id: String
  package var title: String
  /// What the figure shows, in words.
  package var caption: String
  package var legend: [LegendEntry] = []
  package var arrangement: Arrangement
  package var plots: [Plot]
  package var table: DataTable
  /// What the figure leads to, in paragraphs after it.
  package var remarks: [String] = []
}

/// What one mark of a figure means.
package struct LegendEntry: Hashable, Sendable {
  package enum Mark: String, Sendable {
    case dot, diamond, line, dashed, dotted, band, cross, triangle, tick
    case thinLine = "thin-line"
    /// A dot that is a prediction.
    case hollow
    /// Vertical lines.
    case rule
    case dashedRule = "dashed-rule"
    /// No mark: the entry names those after it.
    case none
  }

  package var mark: Mark
  package var color: PlotColor
  package var label: String
}
