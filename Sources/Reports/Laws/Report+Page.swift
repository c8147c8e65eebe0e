import Runs
import ScalingLaws

extension Report {
  /// The report as one file that needs nothing else; without plotly.js it has tables only.
  package func page(plotly: String?) throws -> String {
    try Page(
      title: title, head: head, headName: "To the answer", remarks: remarks, figures: figures,
      sections: closingSections, program: program
    ).text(plotly: plotly)
  }

  /// What follows the figures.
  var closingSections: [Page.Section] { [noHoldOut, formSection, lawSection].compactMap(\.self) }

  var title: String {
    "\(Quantity.learningRate(recommendation.learningRate)) for \(Quantity.format(target.params)) parameters on "
      + "\(Quantity.format(target.tokens)) tokens"
  }

  /// Why there is no test, where there is none.
  private var noHoldOut: Page.Section? {
    guard law.holdOut == nil else { return nil }
    return Page.Section(
      id: "hold-out", title: "The test: predicting the largest runs without them",
      body: """
        <p>\(noHoldOutSentence) The test needs enough cells to fit a law on when the largest quarter is \
        left out; these runs have \(Wording.count(locatedCells.count, "cell")) with a located optimum.</p>
        """)
  }
}
