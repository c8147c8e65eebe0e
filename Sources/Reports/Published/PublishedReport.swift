import Runs
package import ScalingLaws

/// What published laws say about one target, as a page.
package struct PublishedReport: Sendable {
  package let comparison: PublishedComparison
  /// The program and version that made the report.
  package let program: String

  package init(_ comparison: PublishedComparison, program: String) {
    self.comparison = comparison
    self.program = program
  }

  package var figures: [Figure] { [PublishedFigure(comparison: comparison).figure] }

  /// The report as one file that needs nothing else; without plotly.js it has tables only.
  package func page(plotly: String?) throws -> String {
    try Page(
      title: "Published laws for \(targetWords)", head: head, headName: "To the answer",
      remarks: [], figures: figures, sections: [notes], program: program
    ).text(plotly: plotly)
  }

  private var targetWords: String {
    let params = comparison.target.model.total ?? comparison.target.model.active
    return (params.map { "\(Quantity.format($0.value)) parameters on " } ?? "")
      + "\(Quantity.format(comparison.target.tokens)) tokens"
  }

  private var head: HTML {
    let spread = comparison.anchored ?? comparison.all
    let said: HTML =
      spread.map { spread in
        """
        published laws give \(Wording.rates(spread.lower, spread.upper)), a factor of \
        <strong>\(PublishedComparison.factor(spread.ratio))</strong>
        """
      } ?? "<strong>no published law</strong> gives a learning rate"
    return """
      <p class="kicker">Published learning-rate laws</p>
      <h1>For \(targetWords) \(said)</h1>
      <p>\(comparison.advice)</p>
      """
  }

  /// Why each law is to be doubted.
  private var notes: Page.Section {
    let laws = comparison.answers.map { answer -> HTML in
      """
      <h3>\(answer.law.name)</h3>
      <p>\(answer.law.source.words); \(answer.law.verification.rawValue).</p>
      \(HTML.warnings(answer.notes.map { ($0.message, $0.code.rawValue) }))
      """
    }
    return Page.Section(
      id: "notes", title: "What each law assumes, and why to doubt it", body: "\(laws)")
  }
}
